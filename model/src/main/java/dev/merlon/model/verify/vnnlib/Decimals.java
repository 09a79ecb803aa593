package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** Decimals that stand for float32 numbers. */
final class Decimals {
  private static final int FLOAT_DIGITS = 9;
  private static final int DOUBLE_DIGITS = 17;
  private static final int LONGEST_PLAIN = 24;

  private Decimals() {}

  /** From short to exact: read as float32, as float64, as a decimal, they are {@code value}. */
  static List<BigDecimal> of(float value) {
    BigDecimal exact = new BigDecimal(value);
    return List.of(shortest(value), ofDouble(value, exact), exact);
  }

  /** The shortest decimal that is read as {@code value} in float32. */
  static BigDecimal shortest(float value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < FLOAT_DIGITS; digits++) {
      BigDecimal candidate = exact.round(new MathContext(digits));
      if (candidate.floatValue() == value) {
        return candidate;
      }
    }
    return exact.round(new MathContext(FLOAT_DIGITS));
  }

  private static BigDecimal ofDouble(double value, BigDecimal exact) {
    for (int digits = FLOAT_DIGITS; digits < DOUBLE_DIGITS; digits++) {
      BigDecimal candidate = exact.round(new MathContext(digits));
      if (candidate.doubleValue() == value) {
        return candidate;
      }
    }
    return exact.round(new MathContext(DOUBLE_DIGITS));
  }

  /** Digits for a file: plain where that is not long. */
  static String text(BigDecimal value) {
    String plain = value.toPlainString();
    return plain.length() <= LONGEST_PLAIN ? plain : value.toString();
  }
}
