package dev.merlon.model.norm;

import java.util.Arrays;
import java.util.List;

/**
 * A part of a perturbation set: the candidates whose parameters lie in these intervals, ends
 * included. A set without parameters has one cell, the whole of it. Immutable.
 */
public final class Cell {
  /** The only cell of a set without parameters. */
  public static final Cell WHOLE = new Cell(new double[0], new double[0]);

  private final double[] lower;
  private final double[] upper;

  private Cell(double[] lower, double[] upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /** The cell between these ends, in the order of the set's parameters; copied. */
  public static Cell between(double[] lower, double[] upper) {
    if (lower.length != upper.length) {
      throw new IllegalArgumentException(lower.length + " and " + upper.length + " ends");
    }
    for (int i = 0; i < lower.length; i++) {
      if (!(lower[i] <= upper[i])) {
        throw new IllegalArgumentException("an interval from " + lower[i] + " to " + upper[i]);
      }
    }
    return new Cell(lower.clone(), upper.clone());
  }

  /** Number of parameters. */
  public int parameters() {
    return lower.length;
  }

  /** Lower end of a parameter's interval. */
  public double lower(int parameter) {
    return lower[parameter];
  }

  /** Upper end of a parameter's interval. */
  public double upper(int parameter) {
    return upper[parameter];
  }

  /** The middle of a parameter's interval, in the interval. */
  public double middle(int parameter) {
    double half = 0.5 * lower[parameter] + 0.5 * upper[parameter];
    return Math.max(lower[parameter], Math.min(upper[parameter], half));
  }

  /** At least half the width of a parameter's interval, seen from {@link #middle}. */
  public double radius(int parameter) {
    double middle = middle(parameter);
    return Math.nextUp(Math.max(upper[parameter] - middle, middle - lower[parameter]));
  }

  /** Whether parameters lie in their intervals. */
  public boolean contains(double... values) {
    if (values.length != lower.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= lower[i] && values[i] <= upper[i])) {
        return false;
      }
    }
    return true;
  }

  /** The nearest parameters in the intervals; the middle for what is no number. */
  public double[] nearest(double... values) {
    double[] inside = new double[lower.length];
    for (int i = 0; i < inside.length; i++) {
      inside[i] =
          Double.isNaN(values[i]) ? middle(i) : Math.max(lower[i], Math.min(upper[i], values[i]));
    }
    return inside;
  }

  /** Both halves along a parameter, whose common end is its middle. */
  public List<Cell> halves(int parameter) {
    double[] first = upper.clone();
    double[] second = lower.clone();
    first[parameter] = middle(parameter);
    second[parameter] = middle(parameter);
    return List.of(new Cell(lower, first), new Cell(second, upper));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cell that
        && Arrays.equals(lower, that.lower)
        && Arrays.equals(upper, that.upper);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(lower) + Arrays.hashCode(upper);
  }

  @Override
  public String toString() {
    return Arrays.toString(lower) + " to " + Arrays.toString(upper);
  }
}
