package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Exact numbers of a text. What a property says is kept as fractions, and rounded only where it is
 * handed to floating-point arithmetic, in a direction of the caller's choice.
 */
public final class Fractions {
  private static final int LONGEST_TEXT = 2_000;
  private static final int LARGEST_EXPONENT = 2_000;
  private static final int MOST_DIGITS = 20_000;
  private static final BigInteger FIVE = BigInteger.valueOf(5);
  private static final int MOST_BITS = (int) (MOST_DIGITS * 3.3219280948873626);

  private Fractions() {}

  /** This decimal. */
  public static BigFraction of(BigDecimal value) {
    BigInteger digits = value.unscaledValue();
    BigInteger power = BigInteger.TEN.pow(Math.abs(value.scale()));
    return value.scale() < 0
        ? BigFraction.of(digits.multiply(power))
        : BigFraction.of(digits, power);
  }

  /**
   * The number of a text such as {@code -1}, {@code 0.5}, {@code .5} or {@code 1.2e-3}, in ASCII
   * digits.
   *
   * @return nothing where it is no such text
   * @throws ArithmeticException when it has more than 2,000 characters or an exponent beyond 2,000
   */
  public static Optional<BigFraction> parse(String text) {
    return decimal(text).map(Fractions::of);
  }

  /** The same as a decimal. */
  static Optional<BigDecimal> decimal(String text) {
    if (!isDecimal(text)) {
      return Optional.empty();
    }
    if (text.length() > LONGEST_TEXT) {
      throw new ArithmeticException("a number of " + text.length() + " characters");
    }
    try {
      BigDecimal value = new BigDecimal(text);
      if (Math.abs((long) value.scale()) > LARGEST_EXPONENT) {
        throw new ArithmeticException("a number with an exponent beyond " + LARGEST_EXPONENT);
      }
      return Optional.of(value);
    } catch (NumberFormatException e) {
      throw new ArithmeticException("a number with an exponent beyond " + LARGEST_EXPONENT);
    }
  }

  private static boolean isDecimal(String text) {
    int at = sign(text, 0);
    int whole = digits(text, at);
    int fraction = whole;
    if (whole < text.length() && text.charAt(whole) == '.') {
      fraction = digits(text, whole + 1);
    }
    boolean anyDigit = whole > at || fraction > whole + 1;
    if (!anyDigit || fraction == text.length()) {
      return anyDigit;
    }
    char mark = text.charAt(fraction);
    int exponent = sign(text, fraction + 1);
    int end = digits(text, exponent);
    return (mark == 'e' || mark == 'E') && end > exponent && end == text.length();
  }

  private static int sign(String text, int at) {
    boolean signed = at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+');
    return signed ? at + 1 : at;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /**
   * The number itself, if a text may lead to it.
   *
   * @throws ArithmeticException when it has more than 20,000 digits
   */
  static BigFraction requireSmall(BigFraction value) {
    int bits = Math.max(value.getNumerator().bitLength(), value.getDenominator().bitLength());
    if (bits > MOST_BITS) {
      throw new ArithmeticException("a number of more than " + MOST_DIGITS + " digits");
    }
    return value;
  }

  /**
   * The quotient.
   *
   * @throws ArithmeticException when {@code divisor} is zero
   */
  static BigFraction quotient(BigFraction dividend, BigFraction divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("a division by zero");
    }
    return dividend.divide(divisor);
  }

  /** The number as a decimal, where its digits end. */
  static Optional<BigDecimal> decimal(BigFraction value) {
    BigInteger rest = value.getDenominator().abs();
    rest = rest.shiftRight(rest.getLowestSetBit());
    while (rest.mod(FIVE).signum() == 0) {
      rest = rest.divide(FIVE);
    }
    return rest.equals(BigInteger.ONE)
        ? Optional.of(new BigDecimal(value.getNumerator()).divide(denominator(value)))
        : Optional.empty();
  }

  // The sign of a number may be at its denominator.
  private static BigInteger numerator(BigFraction value) {
    BigInteger size = value.getNumerator().abs();
    return value.signum() < 0 ? size.negate() : size;
  }

  private static BigDecimal denominator(BigFraction value) {
    return new BigDecimal(value.getDenominator());
  }

  /**
   * A decimal between two numbers, neither of them unless they are equal; if a short one exists.
   */
  static Optional<BigDecimal> decimalBetween(BigFraction low, BigFraction high) {
    BigFraction middle = low.add(high).divide(2);
    BigDecimal numerator = new BigDecimal(middle.getNumerator());
    for (int digits = 1; digits <= MOST_DIGITS; digits = digits < 17 ? digits + 1 : 2 * digits) {
      BigDecimal candidate = numerator.divide(denominator(middle), new MathContext(digits));
      BigFraction value = of(candidate);
      boolean between = low.compareTo(value) < 0 && value.compareTo(high) < 0;
      if (between || value.equals(middle)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** A double near a number; infinite beyond the largest double. */
  public static double nearest(BigFraction value) {
    return new BigDecimal(value.getNumerator())
        .divide(denominator(value), MathContext.DECIMAL128)
        .doubleValue();
  }

  /** The largest double that is not above a number; {@code -Infinity} below all of them. */
  public static double floor(BigFraction number) {
    double value = Math.min(nearest(number), Double.MAX_VALUE);
    while (value != Double.NEGATIVE_INFINITY && BigFraction.from(value).compareTo(number) > 0) {
      value = Math.nextDown(value);
    }
    double next = Math.nextUp(value);
    while (Double.isFinite(next) && BigFraction.from(next).compareTo(number) <= 0) {
      value = next;
      next = Math.nextUp(next);
    }
    return value;
  }

  /** The smallest double that is not below a number; {@code +Infinity} above all of them. */
  public static double ceiling(BigFraction number) {
    return -floor(number.negate()) + 0.0;
  }

  /** The largest float32 that is not above a number. */
  static float floorFloat(BigFraction number) {
    double value = floor(number);
    float candidate = (float) value;
    return candidate > value ? Math.nextDown(candidate) : candidate;
  }

  /** The decimal, or {@code 1/255}. */
  static String text(BigFraction value) {
    return decimal(value)
        .map(BigDecimal::toString)
        .orElseGet(() -> numerator(value) + "/" + value.getDenominator().abs());
  }
}
