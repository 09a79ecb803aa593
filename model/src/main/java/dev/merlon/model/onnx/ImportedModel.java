package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.onnx.operator.TrailingSoftmax;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
  private final Optional<Path> path;
  private final List<String> warnings;
  private final Optional<ImageInput> input;
  private final Optional<Threshold> threshold;

  ImportedModel(
      String name,
      Network network,
      ParameterValues values,
      String sha256,
      byte[] file,
      Optional<Path> path,
      List<String> warnings) {
    this.name = name;
    this.network = network;
    this.values = values;
    this.sha256 = sha256;
    this.file = file.clone();
    this.path = path;
    this.warnings = List.copyOf(warnings);
    this.input = Optional.empty();
    this.threshold = Optional.empty();
  }

  private ImportedModel(
      ImportedModel like,
      Network network,
      Optional<ImageInput> input,
      Optional<Threshold> threshold) {
    this.name = like.name;
    this.network = network;
    this.values = like.values;
    this.sha256 = like.sha256;
    this.file = like.file;
    this.path = like.path;
    this.warnings = like.warnings;
    this.input = input;
    this.threshold = threshold;
  }

  /**
   * The model as a classifier, which has at least two classes: one output has to be compared with a
   * threshold, several with each other. What is compared is what the file gives.
   *
   * @throws MerlonException (configuration) when the threshold is missing, or there are several
   *     outputs and a threshold
   */
  public ImportedModel classifying(Optional<Threshold> wanted) {
    int outputs = network.classes();
    if (outputs > 1) {
      if (wanted.isPresent()) {
        throw unfit(
            String.format(
                Locale.ROOT,
                "has %d outputs, which are compared with each other and not with a threshold",
                outputs),
            "Leave the threshold out; it is for models with one output.");
      }
      return this;
    }
    Threshold decisive =
        wanted.orElseThrow(
            () ->
                unfit(
                    "has one output and thereby no classes to tell apart",
                    "Add --threshold T, so that class 1 is what exceeds T: 0.5 for a probability"
                        + " (a sigmoid at the end), 0 for a logit."));
    return new ImportedModel(this, decisive.behind(network), input, Optional.of(decisive));
  }

  private MerlonException unfit(String problem, String remedy) {
    return MerlonException.configuration("Model '" + name + "' " + problem, remedy);
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
                        this, before.before(network), Optional.of(before), threshold));
  }

  /**
   * What ONNX Runtime is given for inputs of the network.
   *
   * @param inputs samples one after another
   */
  public float[] forRuntime(float[] inputs) {
    return input.map(before -> before.forRuntime(inputs)).orElse(inputs);
  }

  /**
   * The logits of the network for what ONNX Runtime returned: the file's outputs, or both classes'
   * where a threshold decides.
   *
   * @param outputs {@code [n][K]}
   */
  public double[][] fromRuntime(double[][] outputs) {
    return threshold
        .map(
            decisive ->
                Arrays.stream(outputs)
                    .map(row -> row.length == 1 ? decisive.logits(row[0]) : row)
                    .toArray(double[][]::new))
        .orElse(outputs);
  }

  /** How the same is opened again from its file; empty where it was not read from one. */
  public Optional<ModelOpening> opening() {
    return path.map(
        from ->
            new ModelOpening(
                from,
                name,
                sha256,
                input.map(ImageInput::image),
                input.flatMap(ImageInput::layout),
                input.map(ImageInput::scaling).orElse(InputScaling.NONE),
                threshold));
  }

  /** What is done around the file's graph. */
  public ModelUse use() {
    return new ModelUse(input.flatMap(ImageInput::words), threshold);
  }

  /** What the model is called in messages: its file's name, or what the caller said. */
  public String name() {
    return name;
  }

  /**
   * The graph of the file, unfolded; behind what {@link #ofImages} puts in front of it, and before
   * what {@link #classifying} makes of its output.
   */
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
   * A copy of the file's bytes, for ONNX Runtime; where something in it has no influence on the
   * output, of which a warning tells, without that.
   */
  public byte[] file() {
    return file.clone();
  }

  /** How the file's outputs follow from the network's logits. */
  public Ending ending() {
    return TrailingSoftmax.of(decoded())
        .flatMap(last -> Ending.of(last.getOpType()))
        .orElse(Ending.LOGITS);
  }

  /** The file's bytes without a softmax at its end, for ONNX Runtime's logits. */
  public byte[] logitsFile() {
    ModelProto model = decoded();
    return TrailingSoftmax.of(model)
        .map(last -> TrailingSoftmax.without(last, model).toByteArray())
        .orElseGet(this::file);
  }

  private ModelProto decoded() {
    try {
      return ModelProto.parseFrom(file);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the file was read before", e);
    }
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
