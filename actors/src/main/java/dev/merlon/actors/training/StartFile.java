package dev.merlon.actors.training;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.nio.file.Path;
import java.util.Arrays;

/** A model file that a run starts from, and keeps in its directory. Immutable. */
public final class StartFile {
  private final byte[] bytes;
  private final ImportedModel model;

  private StartFile(byte[] bytes, ImportedModel model) {
    this.bytes = bytes;
    this.model = model;
  }

  /**
   * A file with this content.
   *
   * @param name what messages call it
   * @throws dev.merlon.config.failure.MerlonException (model format) if it is no model that can be
   *     read
   */
  public static StartFile of(byte[] bytes, String name) {
    byte[] own = bytes.clone();
    return new StartFile(own, OnnxImport.parse(own, name));
  }

  /** The model in it. */
  public ImportedModel model() {
    return model;
  }

  /** What messages call it. */
  public String name() {
    return model.name();
  }

  /** SHA-256 of its content, 64 hexadecimal digits in lower case. */
  public String sha256() {
    return model.sha256();
  }

  /** A copy of its content. */
  byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Refuses another file than the one that a run directory keeps.
   *
   * @throws MerlonException configuration failure if it is another, model-format failure if it
   *     cannot be read
   */
  void requireKept(Path kept) {
    if (!Arrays.equals(bytes, OnnxImport.bytes(kept))) {
      throw MerlonException.configuration(
          name() + " is not the model in " + kept + ", which the run was begun with",
          "Leave --from out, or train into another directory.");
    }
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
