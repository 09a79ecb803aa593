package dev.merlon.model.onnx;

/** Part of a file is not supported or not valid. The message says what; the reader adds where. */
final class Refusal extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }

  static void unless(boolean condition, String message) {
    if (!condition) {
      throw new Refusal(message);
    }
  }
}
