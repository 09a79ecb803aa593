package dev.merlon.model.onnx.graph;

/** Part of a file is not supported or not valid. The message says what; the reader adds where. */
public final class ModelFormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public static void unless(boolean condition, String message) {
    if (!condition) {
      throw new ModelFormatException(message);
    }
  }
}
