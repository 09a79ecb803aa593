package dev.merlon.model.onnx.graph;

/** Part of a file is not supported or not valid. The message says what; the reader adds where. */
public final class Refusal extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public Refusal(String message) {
    super(message);
  }

  public static void unless(boolean condition, String message) {
    if (!condition) {
      throw new Refusal(message);
    }
  }
}
