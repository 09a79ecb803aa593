package dev.merlon.model.bound.soundness;

import dev.merlon.model.norm.Norm;
import java.util.Locale;

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
