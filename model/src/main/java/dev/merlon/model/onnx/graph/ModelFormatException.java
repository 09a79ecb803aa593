package dev.merlon.model.onnx.graph;

/** Part of a file is not supported or not valid. The message says what; the reader adds where. */
public final class ModelFormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message begins with what is not supported, without a place. */
  public ModelFormatException(String message) {
    super(message);
  }

  /** Throws unless {@code condition} holds. */
  public static void unless(boolean condition, String message) {
    if (!condition) {
      throw new ModelFormatException(message);
    }
  }
}
