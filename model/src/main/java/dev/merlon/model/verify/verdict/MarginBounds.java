package dev.merlon.model.verify.verdict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Lower bounds of the margins {@code f_label - f_j} of one input over its perturbation set, one per
 * class. Immutable.
 */
public final class MarginBounds {
  private final int label;
  private final double[] bounds;

  private MarginBounds(int label, double[] bounds) {
    this.label = label;
    this.bounds = bounds;
  }

  /**
   * Bounds of one input.
   *
   * @param label the class that has to win
   * @param bounds {@code [K]}, copied; the label's own entry is ignored. K is at least 2, since a
   *     label without another class has no margin
   */
  public static MarginBounds of(int label, double... bounds) {
    if (bounds.length < 2 || label < 0 || label >= bounds.length) {
      throw new IllegalArgumentException("label " + label + " of " + bounds.length + " classes");
    }
    double[] copy = bounds.clone();
    copy[label] = 0;
    return new MarginBounds(label, copy);
  }

  /** The class that has to win. */
  public int label() {
    return label;
  }

  /** Number of classes, the label's included. */
  public int classes() {
    return bounds.length;
  }

  /** The bound against class {@code other}; 0 for the label itself. */
  public double against(int other) {
    return bounds[other];
  }

  /** Whether no bound is NaN or infinite. */
  public boolean finite() {
    return others().allMatch(j -> Double.isFinite(bounds[j]));
  }

  /** Whether these bounds prove the label: each is finite and strictly above 0. */
  public boolean certify() {
    return finite() && others().allMatch(j -> bounds[j] > 0);
  }

  /** The smallest bound against another class. */
  public double smallest() {
    return others().mapToDouble(j -> bounds[j]).min().orElseThrow();
  }

  /** Which margin is bounded lowest, and by what, for people. */
  public String worst() {
    return others()
        .boxed()
        .min(Comparator.comparingDouble(j -> bounds[j]))
        .map(j -> String.format(Locale.ROOT, "margin to class %d at least %.4g", j, bounds[j]))
        .orElseThrow();
  }

  /** The higher bound of each class, which holds because both do. */
  public MarginBounds best(MarginBounds other) {
    if (label != other.label || bounds.length != other.bounds.length) {
      throw new IllegalArgumentException("bounds of different properties");
    }
    double[] higher = new double[bounds.length];
    Arrays.setAll(higher, j -> Math.max(bounds[j], other.bounds[j]));
    return new MarginBounds(label, higher);
  }

  private IntStream others() {
    return IntStream.range(0, bounds.length).filter(j -> j != label);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MarginBounds that
        && label == that.label
        && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return 31 * label + Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    return Arrays.toString(bounds);
  }
}
