package dev.merlon.model.bound.soundness;

import dev.merlon.model.norm.Norm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the dense implementation knows about norms, written apart from the product: one entry for
 * each norm, under its name.
 */
enum DenseNorm {
  /** The maximum norm. */
  LINF {
    @Override
    double dual(boolean wrong, double... row) {
      return wrong ? Dense.length(row) : Dense.absoluteSum(row);
    }

    @Override
    double minimum(double[] row, DenseBall ball, Ends box, boolean wrong) {
      return overBox(row, box, wrong);
    }
  },
  /** The Euclidean norm. */
  L2 {
    @Override
    double dual(boolean wrong, double... row) {
      return wrong ? Dense.largest(row) : Dense.length(row);
    }

    @Override
    double minimum(double[] row, DenseBall ball, Ends box, boolean wrong) {
      return Math.max(overBox(row, box, wrong), overBall(row, ball, wrong));
    }
  },
  /** The sum of absolute values. */
  L1 {
    // Wrong is to forget that a negative coefficient counts as well.
    @Override
    double dual(boolean wrong, double... row) {
      return wrong ? Math.max(0, Arrays.stream(row).max().orElse(0)) : Dense.largest(row);
    }

    @Override
    double minimum(double[] row, DenseBall ball, Ends box, boolean wrong) {
      return wrong ? overBall(row, ball, true) : knapsack(row, ball, box);
    }

    // The radius goes to the largest coefficients first, as far as the box lets each of them.
    private double knapsack(double[] row, DenseBall ball, Ends box) {
      double left = ball.eps();
      double minimum = Dense.dot(row, ball.center());
      int[] largestFirst =
          IntStream.range(0, row.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -Math.abs(row[i])))
              .mapToInt(i -> i)
              .toArray();
      for (int i : largestFirst) {
        double end = row[i] > 0 ? box.lower()[i] : box.upper()[i];
        double moved = Math.min(left, Math.abs(end - ball.center()[i]));
        minimum -= moved * Math.abs(row[i]);
        left -= moved;
      }
      return minimum;
    }
  };

  /** The entry of a norm. */
  static DenseNorm of(Norm norm) {
    return valueOf(norm.name().toUpperCase(Locale.ROOT));
  }

  /**
   * The dual norm.
   *
   * @param wrong whether to take another one, which is smaller
   */
  abstract double dual(boolean wrong, double... row);

  /** A lower bound of a linear function over the part of a ball that lies in a box. */
  abstract double minimum(double[] row, DenseBall ball, Ends box, boolean wrong);

  /** The minimum of a linear function over a whole ball. */
  double overBall(double[] row, DenseBall ball, boolean wrong) {
    return Dense.dot(row, ball.center()) - ball.eps() * dual(wrong, row);
  }

  /** The minimum of a linear function over a box. */
  static double overBox(double[] row, Ends box, boolean wrong) {
    double atCenter = 0;
    double[] reach = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      reach[i] = row[i] * 0.5 * (box.upper()[i] - box.lower()[i]);
      atCenter += row[i] * 0.5 * (box.lower()[i] + box.upper()[i]);
    }
    return atCenter - (wrong ? Dense.length(reach) : Dense.absoluteSum(reach));
  }
}
