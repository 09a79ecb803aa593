package dev.merlon.model.onnx;

import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import java.util.List;

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

  ImportedModel(
      String name,
      Network network,
      ParameterValues values,
      String sha256,
      byte[] file,
      List<String> warnings) {
    this.name = name;
    this.network = network;
    this.values = values;
    this.sha256 = sha256;
    this.file = file.clone();
    this.warnings = List.copyOf(warnings);
  }

  /** What the model is called in messages: its file's name, or what the caller said. */
  public String name() {
    return name;
  }

  /** The graph of the file, unfolded. */
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
