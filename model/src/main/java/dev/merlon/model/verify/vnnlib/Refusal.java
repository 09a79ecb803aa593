package dev.merlon.model.verify.vnnlib;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/** How texts are refused: one line that says what is wrong and where. */
final class Refusal {
  private static final int LONGEST_QUOTATION = 40;
  private static final String REMEDY =
      "Properties are VNN-LIB 1.0: inputs X_i, outputs Y_j, linear constraints, and, or.";

  private Refusal() {}

  static MerlonException of(String problem) {
    return of(problem, REMEDY);
  }

  static MerlonException of(String problem, String remedy) {
    return new MerlonException(new Failure.Data(problem, remedy));
  }

  /** A word of the text within a message: short, and without characters that break the line. */
  static String quoted(String word) {
    StringBuilder shown = new StringBuilder("'");
    int length = Math.min(word.length(), LONGEST_QUOTATION);
    for (int i = 0; i < length; i++) {
      char character = word.charAt(i);
      boolean visible = character > ' ' && character < 127;
      shown.append(visible || character == ' ' ? character : '?');
    }
    return shown.append(length < word.length() ? "…'" : "'").toString();
  }
}
