package dev.merlon.model.verify.vnnlib;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;

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
  public record End(BigFraction value, boolean excluded) {}

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
  public boolean contains(BigFraction value) {
    return lower.map(end -> order(end, value.compareTo(end.value()))).orElse(true)
        && upper.map(end -> order(end, end.value().compareTo(value))).orElse(true);
  }

  private static boolean order(End end, int sign) {
    return end.excluded() ? sign > 0 : sign >= 0;
  }

  /** The largest double at or below all of it: the end for proofs. */
  public double floor() {
    return lower.map(end -> Fractions.floor(end.value())).orElse(Double.NEGATIVE_INFINITY);
  }

  /** The smallest double at or above all of it: the end for proofs. */
  public double ceiling() {
    return upper.map(end -> Fractions.ceiling(end.value())).orElse(Double.POSITIVE_INFINITY);
  }

  /** The smallest number of a format in it; above {@link #largest} where there is none. */
  public double smallest(Format format) {
    return lower
        .map(
            end -> {
              double value = format.ceiling(end.value());
              return end.excluded() && isExactly(end.value(), value) ? format.next(value) : value;
            })
        .orElse(-format.largest());
  }

  /** The largest number of a format in it; below {@link #smallest} where there is none. */
  public double largest(Format format) {
    return upper
        .map(
            end -> {
              double value = format.floor(end.value());
              return end.excluded() && isExactly(end.value(), value) ? -format.next(-value) : value;
            })
        .orElse(format.largest());
  }

  private static boolean isExactly(BigFraction value, double candidate) {
    return Double.isFinite(candidate) && BigFraction.from(candidate).compareTo(value) == 0;
  }

  /** The number of a format in it that is nearest to another; where it holds none, near to it. */
  public double nearest(Format format, double value) {
    double low = smallest(format);
    double high = largest(format);
    double nearest =
        low <= high
            ? Math.max(low, Math.min(high, format.nearest(value)))
            : inner().map(format::read).orElse(0.0);
    return nearest + 0.0;
  }

  /**
   * Decimals in the interval that are read as {@code value}, from short to exact; where the
   * interval is too narrow for any number of the format, one of its own.
   *
   * @return nothing where {@code value} is not in the interval, or not the one near to it
   */
  List<BigDecimal> decimals(Format format, double value) {
    if (smallest(format) > largest(format)) {
      return inner().filter(one -> format.read(one) == value).map(List::of).orElse(List.of());
    }
    return contains(BigFraction.from(value))
        ? format.decimals(value).stream().filter(one -> contains(Fractions.of(one))).toList()
        : List.of();
  }

  private Optional<BigDecimal> inner() {
    if (lower.isEmpty() || upper.isEmpty() || isEmpty()) {
      return Optional.empty();
    }
    BigFraction from = lower.get().value();
    BigFraction to = upper.get().value();
    boolean closed = !lower.get().excluded() && !upper.get().excluded();
    if (closed && Fractions.decimal(from).isPresent()) {
      return Fractions.decimal(from);
    }
    return closed && Fractions.decimal(to).isPresent()
        ? Fractions.decimal(to)
        : Fractions.decimalBetween(from, to);
  }

  /** For example {@code [0, 0.5)}. */
  @Override
  public String toString() {
    String from =
        lower
            .map(end -> (end.excluded() ? "(" : "[") + Fractions.text(end.value()))
            .orElse("(-infinity");
    String to =
        upper
            .map(end -> Fractions.text(end.value()) + (end.excluded() ? ")" : "]"))
            .orElse("infinity)");
    return from + ", " + to;
  }
}
