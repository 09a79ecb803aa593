package dev.merlon.config.value;

import java.util.OptionalDouble;

/** Numbers as people write them: decimals, or fractions of two decimals such as {@code 8/255}. */
public final class Decimals {
  private Decimals() {}

  /** The finite value of {@code text}, or empty if it is not a number. */
  public static OptionalDouble parse(String text) {
    int slash = text.indexOf('/');
    double value =
        slash < 0
            ? decimal(text)
            : decimal(text.substring(0, slash)) / decimal(text.substring(slash + 1));
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** A number without a fraction of zero: {@code 1}, not {@code 1.0}. */
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException notANumber) {
      return Double.NaN;
    }
  }
}
