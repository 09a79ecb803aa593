package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The values one input may have: exact ends, each of which may be missing or, where the text says
 * {@code <} or {@code >}, excluded.
 *
 * @param lower where it begins
 * @param upper where it ends
 */
public record Interval(Optional<End> lower, Optional<End> upper) {
  /** Every number. */
  static final Interval ALL = new Interval(Optional.empty(), Optional.empty());

  /**
   * An end of an interval.
   *
   * @param excluded whether the interval comes close to the value only
   */
  public record End(Rational value, boolean excluded) {}

  /** The part that is also on one side of {@code end}. */
  Interval cut(boolean above, End end) {
    return above
        ? new Interval(lower, Optional.of(upper.map(old -> smaller(old, end)).orElse(end)))
        : new Interval(Optional.of(lower.map(old -> larger(old, end)).orElse(end)), upper);
  }

  private static End smaller(End a, End b) {
    int order = a.value().compareTo(b.value());
    return order < 0 || (order == 0 && a.excluded()) ? a : b;
  }

  private static End larger(End a, End b) {
    int order = a.value().compareTo(b.value());
    return order > 0 || (order == 0 && a.excluded()) ? a : b;
  }

  /** Whether no number lies in it. */
  boolean isEmpty() {
    if (lower.isEmpty() || upper.isEmpty()) {
      return false;
    }
    int order = lower.get().value().compareTo(upper.get().value());
    return order > 0 || (order == 0 && (lower.get().excluded() || upper.get().excluded()));
  }

  /** Whether it has both ends within the range of doubles. */
  boolean isBounded() {
    return Double.isFinite(floor()) && Double.isFinite(ceiling());
  }

  /** Whether exactly this number lies in it. */
  public boolean contains(Rational value) {
    return lower.map(end -> order(end, value.compareTo(end.value()))).orElse(true)
        && upper.map(end -> order(end, end.value().compareTo(value))).orElse(true);
  }

  private static boolean order(End end, int sign) {
    return end.excluded() ? sign > 0 : sign >= 0;
  }

  /** The largest double at or below all of it: the end for proofs. */
  public double floor() {
    return lower.map(end -> end.value().floor()).orElse(Double.NEGATIVE_INFINITY);
  }

  /** The smallest double at or above all of it: the end for proofs. */
  public double ceiling() {
    return upper.map(end -> end.value().ceiling()).orElse(Double.POSITIVE_INFINITY);
  }

  /** The smallest float32 in it; above {@link #largestFloat} where there is none. */
  public float smallestFloat() {
    return lower
        .map(
            end -> {
              float value = end.value().ceilingFloat();
              boolean same = end.excluded() && isExactly(end.value(), value);
              return same ? Math.nextUp(value) : value;
            })
        .orElse(-Float.MAX_VALUE);
  }

  /** The largest float32 in it; below {@link #smallestFloat} where there is none. */
  public float largestFloat() {
    return upper
        .map(
            end -> {
              float value = end.value().floorFloat();
              boolean same = end.excluded() && isExactly(end.value(), value);
              return same ? Math.nextDown(value) : value;
            })
        .orElse(Float.MAX_VALUE);
  }

  private static boolean isExactly(Rational value, float candidate) {
    return Float.isFinite(candidate) && Rational.of(candidate).compareTo(value) == 0;
  }

  /** The float32 nearest to its middle, for intervals that no float32 lies in. */
  public float nearestFloat() {
    return inner().map(BigDecimal::floatValue).orElse(0f);
  }

  /**
   * A decimal in the interval that float32 arithmetic reads as {@code value}: the shortest that
   * stands for it, else the one of the same double, else its exact digits; and where {@code value}
   * itself lies outside because the interval is too narrow, a decimal of the interval.
   *
   * @return nothing where there is no such decimal
   */
  Optional<BigDecimal> decimal(float value) {
    Stream<BigDecimal> candidates =
        Stream.concat(Decimals.of(value).stream(), Stream.of(inner()).flatMap(Optional::stream));
    return candidates
        .filter(candidate -> candidate.floatValue() == value)
        .filter(candidate -> contains(Rational.of(candidate)))
        .findFirst();
  }

  private Optional<BigDecimal> inner() {
    if (lower.isEmpty() || upper.isEmpty() || isEmpty()) {
      return Optional.empty();
    }
    Rational from = lower.get().value();
    Rational to = upper.get().value();
    boolean closed = !lower.get().excluded() && !upper.get().excluded();
    if (closed && from.decimal().isPresent()) {
      return from.decimal();
    }
    return closed && to.decimal().isPresent() ? to.decimal() : Rational.decimalBetween(from, to);
  }

  /** For example {@code [0, 0.5)}. */
  @Override
  public String toString() {
    String from = lower.map(end -> (end.excluded() ? "(" : "[") + end.value()).orElse("(-infinity");
    String to = upper.map(end -> end.value() + (end.excluded() ? ")" : "]")).orElse("infinity)");
    return from + ", " + to;
  }
}
