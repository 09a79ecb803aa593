package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import java.util.List;
import java.util.Optional;

/**
 * A model file and the network that it computes. Immutable.
 *
 * <p>Constants that the file keeps in float32 (means, deviations, batch norm's epsilon) are in the
 * network exactly as the file has them, widened to float64.
 */
public final class ImportedModel {
  private final String name;
  private final Network network;
  private final ParameterValues values;
  private final String sha256;
  private final byte[] file;
  private final List<String> warnings;
  private final Optional<ImageInput> input;

  ImportedModel(
      String name,
      Network network,
      ParameterValues values,
      String sha256,
      byte[] file,
      List<String> warnings) {
    this(name, network, values, sha256, file, warnings, Optional.empty());
  }

  private ImportedModel(
      String name,
      Network network,
      ParameterValues values,
      String sha256,
      byte[] file,
      List<String> warnings,
      Optional<ImageInput> input) {
    this.input = input;
    this.name = name;
    this.network = network;
    this.values = values;
    this.sha256 = sha256;
    this.file = file.clone();
    this.warnings = List.copyOf(warnings);
  }

  /** The model as a function of images whose pixels are not scaled. */
  public Optional<ImportedModel> ofImages(Shape image, Optional<ImageLayout> layout) {
    return ofImages(image, layout, InputScaling.NONE);
  }

  /**
   * The model as a function of images. What is done to their pixels is part of its network then,
   * and is done to what ONNX Runtime is given.
   *
   * @param image shape of the images, {@code (C, H, W)}
   * @param layout the model's; by default the one that its input's shape shows
   * @param scaling what is done to the pixels before
   * @return empty if the model does not take such images
   */
  public Optional<ImportedModel> ofImages(
      Shape image, Optional<ImageLayout> layout, InputScaling scaling) {
    return ImageInput.of(image, network.inputShape(), layout, scaling)
        .map(
            before ->
                before.changesNothing()
                    ? this
                    : new ImportedModel(
                        name,
                        before.before(network),
                        values,
                        sha256,
                        file,
                        warnings,
                        Optional.of(before)));
  }

  /**
   * What ONNX Runtime is given for inputs of the network.
   *
   * @param inputs samples one after another
   */
  public float[] forRuntime(float[] inputs) {
    return input.map(before -> before.forRuntime(inputs)).orElse(inputs);
  }

  /** What is done to images before the file's graph, in words, if anything is. */
  public Optional<String> inputWords() {
    return input.flatMap(ImageInput::words);
  }

  /** What the model is called in messages: its file's name, or what the caller said. */
  public String name() {
    return name;
  }

  /** The graph of the file, unfolded; behind what {@link #ofImages} puts in front of it. */
  public Network network() {
    return network;
  }

  /** The weights, bit for bit those of the file, in its type: float32 or float64. */
  public ParameterValues values() {
    return values;
  }

  /** SHA-256 of the file's bytes in lower-case hexadecimal. */
  public String sha256() {
    return sha256;
  }

  /**
   * A copy of the file's bytes, for ONNX Runtime; without a softmax at its end, of which a warning
   * tells.
   */
  public byte[] file() {
    return file.clone();
  }

  /** What a user should know about the file although it was taken, one line each. */
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public String toString() {
    return name + " " + sha256;
  }
}
