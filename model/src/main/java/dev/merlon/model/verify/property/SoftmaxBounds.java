package dev.merlon.model.verify.property;

import dev.merlon.model.onnx.operator.Ending;

/**
 * Bounds of one output of a softmax or log-softmax from bounds of differences of logits: {@code p_i
 * = 1 / (1 + sum exp(z_j - z_i))}, over all {@code j} other than {@code i}. Every operation is
 * rounded outwards; differences without a bound may be infinite or NaN.
 */
final class SoftmaxBounds {
  // StrictMath's functions are within one unit in the last place.
  private static final int UNITS = 4;

  private SoftmaxBounds() {}

  /**
   * The largest value of the output.
   *
   * @param differences lower bounds of {@code z_j - z_i}
   */
  static double highest(Ending ending, double... differences) {
    double most = -lowestLogSum(differences);
    return ending == Ending.SOFTMAX ? Math.min(1, up(StrictMath.exp(most))) : most;
  }

  /**
   * The smallest value of the output.
   *
   * @param differences upper bounds of {@code z_j - z_i}
   */
  static double lowest(Ending ending, double... differences) {
    double least = -highestLogSum(differences);
    return ending == Ending.SOFTMAX ? Math.max(0, down(StrictMath.exp(least))) : least;
  }

  /** At most {@code log(1 + sum exp(d_j))}, and at least 0. */
  private static double lowestLogSum(double... differences) {
    double largest = 0;
    for (double d : differences) {
      largest = Double.isFinite(d) ? Math.max(largest, d) : largest;
    }
    double sum = 0;
    boolean skipped = largest == 0;
    if (!skipped) {
      sum = Math.max(0, down(StrictMath.exp(-largest)));
    }
    for (double d : differences) {
      if (!skipped && d == largest) {
        skipped = true;
      } else if (Double.isFinite(d)) {
        double term = Math.max(0, down(StrictMath.exp(Math.nextDown(d - largest))));
        sum = Math.max(0, Math.nextDown(sum + term));
      }
    }
    double rest = Math.max(0, down(StrictMath.log1p(sum)));
    return Math.max(0, Math.nextDown(largest + rest));
  }

  /** At least {@code log(1 + sum exp(d_j))}. */
  private static double highestLogSum(double... differences) {
    double largest = 0;
    for (double d : differences) {
      largest = Math.max(largest, Double.isFinite(d) ? d : Double.POSITIVE_INFINITY);
    }
    if (largest == Double.POSITIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    boolean skipped = largest == 0;
    if (!skipped) {
      sum = up(StrictMath.exp(-largest));
    }
    for (double d : differences) {
      if (!skipped && d == largest) {
        skipped = true;
      } else {
        sum = Math.nextUp(sum + up(StrictMath.exp(Math.nextUp(d - largest))));
      }
    }
    return Math.nextUp(largest + up(StrictMath.log1p(sum)));
  }

  private static double up(double value) {
    double above = value;
    for (int i = 0; i < UNITS; i++) {
      above = Math.nextUp(above);
    }
    return above;
  }

  private static double down(double value) {
    return -up(-value);
  }
}
