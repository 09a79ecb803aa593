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
      return wrong
          ? Math.max(overBox(row, box, true), overBall(row, ball, true))
          : atLengthOf(row, ball, box);
    }

    // The point x - t a, held inside the box, moves outwards as t grows. It is halved for until it
    // lies on the sphere, or at the box's corner where that is inside.
    private double atLengthOf(double[] row, DenseBall ball, Ends box) {
      double low = 0;
      double high = 1e12;
      for (int i = 0; i < 300; i++) {
        double middle = low == 0 ? high / 2 : Math.sqrt(low * high);
        if (Dense.length(moved(row, ball, box, middle)) > ball.eps()) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return Dense.dot(row, ball.center()) + Dense.dot(row, moved(row, ball, box, low));
    }

    private double[] moved(double[] row, DenseBall ball, Ends box, double t) {
      double[] moved = new double[row.length];
      Arrays.setAll(
          moved,
          i -> {
            double to = ball.center()[i] - t * row[i];
            return Math.max(box.lower()[i], Math.min(box.upper()[i], to)) - ball.center()[i];
          });
      return moved;
    }

    @Override
    double[] going(double[] row, DenseBall ball, Ends box) {
      double[] going = new double[row.length];
      Arrays.setAll(
          going,
          i -> {
            boolean stuck =
                row[i] > 0
                    ? box.lower()[i] >= ball.center()[i]
                    : box.upper()[i] <= ball.center()[i];
            return stuck ? 0 : row[i];
          });
      return going;
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

  /** The entries of a row along which a function can fall, as far as first layers know of it. */
  double[] going(double[] row, DenseBall ball, Ends box) {
    return row;
  }

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
