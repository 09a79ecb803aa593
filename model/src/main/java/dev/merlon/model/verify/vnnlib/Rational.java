package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/**
 * An exact number: a decimal, or the quotient of two. What a property says is kept in these, and
 * rounded only where it is handed to floating-point arithmetic, in a direction of the caller's
 * choice. Immutable.
 */
public final class Rational implements Comparable<Rational> {
  /** Zero. */
  public static final Rational ZERO = new Rational(BigDecimal.ZERO, BigDecimal.ONE);

  /** One. */
  public static final Rational ONE = new Rational(BigDecimal.ONE, BigDecimal.ONE);

  private static final int LONGEST_TEXT = 2_000;
  private static final int LARGEST_EXPONENT = 2_000;
  private static final int MOST_DIGITS = 20_000;

  private final BigDecimal numerator;
  private final BigDecimal denominator;

  private Rational(BigDecimal numerator, BigDecimal denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** This decimal. */
  public static Rational of(BigDecimal value) {
    return new Rational(value, BigDecimal.ONE);
  }

  /**
   * Exactly this double.
   *
   * @throws NumberFormatException when it is not finite
   */
  public static Rational of(double value) {
    return of(new BigDecimal(value));
  }

  /**
   * The number of a text such as {@code -1}, {@code 0.5}, {@code .5} or {@code 1.2e-3}, in ASCII
   * digits.
   *
   * @return nothing where it is no such text
   * @throws ArithmeticException when it has more than 2,000 characters or an exponent beyond 2,000
   */
  public static Optional<Rational> parse(String text) {
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
      return Optional.of(of(value));
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

  /** The sum. */
  public Rational plus(Rational other) {
    if (isDecimal() && other.isDecimal()) {
      return checked(numerator.add(other.numerator), BigDecimal.ONE);
    }
    return checked(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** The difference. */
  public Rational minus(Rational other) {
    return plus(other.negate());
  }

  /** The product. */
  public Rational times(Rational other) {
    return checked(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /**
   * The quotient.
   *
   * @throws ArithmeticException when {@code other} is zero
   */
  public Rational over(Rational other) {
    if (other.signum() == 0) {
      throw new ArithmeticException("a division by zero");
    }
    BigDecimal above = numerator.multiply(other.denominator);
    BigDecimal below = denominator.multiply(other.numerator);
    return below.signum() < 0 ? checked(above.negate(), below.negate()) : checked(above, below);
  }

  // Plain quotients by one or by powers of ten stay decimals, which are cheap to compare.
  private static Rational checked(BigDecimal above, BigDecimal below) {
    if (below.compareTo(BigDecimal.ONE) == 0) {
      requireSmall(above);
      return new Rational(above, BigDecimal.ONE);
    }
    requireSmall(above);
    requireSmall(below);
    return new Rational(above, below);
  }

  private static void requireSmall(BigDecimal value) {
    if (value.precision() > MOST_DIGITS || Math.abs((long) value.scale()) > MOST_DIGITS) {
      throw new ArithmeticException("a number of more than " + MOST_DIGITS + " digits");
    }
  }

  /** The number of opposite sign. */
  public Rational negate() {
    return new Rational(numerator.negate(), denominator);
  }

  /** -1, 0 or 1. */
  public int signum() {
    return numerator.signum();
  }

  private boolean isDecimal() {
    return denominator.compareTo(BigDecimal.ONE) == 0;
  }

  /** The number as a decimal, where it is held as one. */
  public Optional<BigDecimal> decimal() {
    return isDecimal() ? Optional.of(numerator) : Optional.empty();
  }

  /**
   * A decimal between two numbers, neither of them unless they are equal; if a short one exists.
   */
  static Optional<BigDecimal> decimalBetween(Rational low, Rational high) {
    Rational middle = low.plus(high).over(of(new BigDecimal(2)));
    for (int digits = 1; digits <= MOST_DIGITS; digits = digits < 17 ? digits + 1 : 2 * digits) {
      BigDecimal candidate = middle.numerator.divide(middle.denominator, new MathContext(digits));
      Rational value = of(candidate);
      boolean between = low.compareTo(value) < 0 && value.compareTo(high) < 0;
      if (between || value.equals(middle)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(Rational other) {
    if (isDecimal() && other.isDecimal()) {
      return numerator.compareTo(other.numerator);
    }
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** A double near this number; infinite beyond the largest double. */
  public double nearest() {
    BigDecimal value =
        isDecimal() ? numerator : numerator.divide(denominator, MathContext.DECIMAL128);
    return value.doubleValue();
  }

  /** The largest double that is not above this number; {@code -Infinity} below all of them. */
  public double floor() {
    double value = Math.min(nearest(), Double.MAX_VALUE);
    while (value != Double.NEGATIVE_INFINITY && of(value).compareTo(this) > 0) {
      value = Math.nextDown(value);
    }
    double next = Math.nextUp(value);
    while (Double.isFinite(next) && of(next).compareTo(this) <= 0) {
      value = next;
      next = Math.nextUp(next);
    }
    return value;
  }

  /** The smallest double that is not below this number; {@code +Infinity} above all of them. */
  public double ceiling() {
    return -negate().floor() + 0.0;
  }

  /** The largest float32 that is not above this number. */
  public float floorFloat() {
    double value = floor();
    float candidate = (float) value;
    return candidate > value ? Math.nextDown(candidate) : candidate;
  }

  /** The smallest float32 that is not below this number. */
  public float ceilingFloat() {
    return -negate().floorFloat() + 0.0f;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rational that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(floor() + 0.0);
  }

  /** The decimal, or {@code 1/255}. */
  @Override
  public String toString() {
    return isDecimal() ? numerator.toString() : numerator + "/" + denominator;
  }
}
