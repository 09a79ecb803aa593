package dev.merlon.model.verify.soundness;

import java.util.Arrays;

/**
 * The points around an input, in Java memory.
 *
 * @param norm its name
 * @param center the input
 * @param clip whether points outside {@code [0,1]} do not count
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Ball(String norm, double[] center, boolean clip) {
  private static final int BISECTIONS = 40;

  /** How far a point is from the center. */
  double distance(double... point) {
    double sum = 0;
    for (int i = 0; i < center.length; i++) {
      double d = Math.abs(point[i] - center[i]);
      sum =
          switch (norm) {
            case "linf" -> Math.max(sum, d);
            case "l1" -> sum + d;
            default -> sum + d * d;
          };
    }
    return norm.equals("l2") ? Math.sqrt(sum) : sum;
  }

  /** Whether no coordinate is where it must not be. */
  boolean allows(double... point) {
    return !clip || Arrays.stream(point).allMatch(value -> value >= 0 && value <= 1);
  }

  /** The dual norm. */
  double dual(double... weights) {
    return switch (norm) {
      case "linf" -> Arrays.stream(weights).map(Math::abs).sum();
      case "l1" -> Arrays.stream(weights).map(Math::abs).max().orElse(0);
      default -> Math.sqrt(Arrays.stream(weights).map(w -> w * w).sum());
    };
  }

  /**
   * The nearest allowed point at which an affine function falls to 0, or as far as it can; the
   * function is above 0 at the center.
   */
  double[] nearest(PlainNetwork.Form function) {
    double drop = function.at(center);
    double low = 0;
    double high = 1;
    while (gain(function, high) < drop && high < 1e6) {
      high *= 2;
    }
    for (int i = 0; i < BISECTIONS && high < 1e6; i++) {
      double middle = 0.5 * (low + high);
      if (gain(function, middle) < drop) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double[] point = moves(function, high);
    for (int i = 0; i < point.length; i++) {
      point[i] = center[i] - Math.signum(function.weights()[i]) * point[i];
    }
    return point;
  }

  private double gain(PlainNetwork.Form function, double effort) {
    double[] moves = moves(function, effort);
    double gain = 0;
    for (int i = 0; i < moves.length; i++) {
      gain += Math.abs(function.weights()[i]) * moves[i];
    }
    return gain;
  }

  // How far each coordinate moves down the function; more effort is farther.
  private double[] moves(PlainNetwork.Form function, double effort) {
    double[] weights = function.weights();
    double[] moves = new double[weights.length];
    if (norm.equals("l1")) {
      double left = effort;
      Integer[] order = new Integer[weights.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (i, j) -> Double.compare(Math.abs(weights[j]), Math.abs(weights[i])));
      for (int i : order) {
        moves[i] = Math.min(left, room(i, weights[i]));
        left -= moves[i];
      }
      return moves;
    }
    for (int i = 0; i < moves.length; i++) {
      double step = norm.equals("l2") ? effort * Math.abs(weights[i]) : effort;
      moves[i] = weights[i] == 0 ? 0 : Math.min(step, room(i, weights[i]));
    }
    return moves;
  }

  private double room(int i, double weight) {
    if (!clip) {
      return 1e9;
    }
    return weight > 0 ? center[i] : 1 - center[i];
  }
}
