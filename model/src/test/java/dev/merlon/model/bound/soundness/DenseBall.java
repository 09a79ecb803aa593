package dev.merlon.model.bound.soundness;

import dev.merlon.model.norm.PerturbationSet;

/** One sample's perturbation set for the dense implementation. */
final class DenseBall {
  private final double[] center;
  private final PerturbationSet set;

  /**
   * The set around an input.
   *
   * @param center the input
   * @param set what it may become
   */
  DenseBall(double[] center, PerturbationSet set) {
    this.center = center;
    this.set = set;
  }

  double[] center() {
    return center;
  }

  /** The smallest box around the set. */
  Ends box(Fault fault) {
    boolean clip = set.clip() || fault == Fault.ALWAYS_CLIPPED;
    double[] lower = new double[center.length];
    double[] upper = new double[center.length];
    for (int i = 0; i < center.length; i++) {
      lower[i] = clip ? Math.max(0, center[i] - set.eps()) : center[i] - set.eps();
      upper[i] = clip ? Math.min(1, center[i] + set.eps()) : center[i] + set.eps();
    }
    return new Ends(lower, upper);
  }

  /** Lower bounds of linear functions over the set. */
  double[] minimum(double[][] rows, Fault fault) {
    boolean clip = set.clip() || fault == Fault.ALWAYS_CLIPPED;
    Ends box = box(fault);
    double[] bounds = new double[rows.length];
    for (int r = 0; r < rows.length; r++) {
      double overBox = overBox(rows[r], box, fault);
      double overBall = Dense.dot(rows[r], center) - set.eps() * dualNorm(rows[r], fault);
      bounds[r] = isBox() ? overBox : clip ? Math.max(overBox, overBall) : overBall;
    }
    return bounds;
  }

  /**
   * The tighter of a box and the ball's image under a matrix from the input, around the same
   * centre.
   */
  Ends tighten(Ends image, double[][] fromInput, Fault fault) {
    if (isBox()) {
      return image;
    }
    double[] lower = image.lower().clone();
    double[] upper = image.upper().clone();
    for (int i = 0; i < lower.length; i++) {
      double reach = set.eps() * dualNorm(fromInput[i], fault);
      lower[i] = Math.max(lower[i], imageCenter(image, i, fromInput, fault) - reach);
      upper[i] = Math.min(upper[i], imageCenter(image, i, fromInput, fault) + reach);
    }
    return new Ends(lower, upper);
  }

  // The box's centre is the image of the clipped box's centre; the ball's that of the input.
  private double imageCenter(Ends image, int i, double[][] fromInput, Fault fault) {
    Ends box = box(fault);
    double moved = 0;
    for (int j = 0; j < center.length; j++) {
      moved += fromInput[i][j] * (center[j] - 0.5 * (box.lower()[j] + box.upper()[j]));
    }
    return 0.5 * (image.lower()[i] + image.upper()[i]) + moved;
  }

  private double overBox(double[] row, Ends box, Fault fault) {
    double atCenter = 0;
    double reach = 0;
    double squares = 0;
    for (int i = 0; i < row.length; i++) {
      double radius = 0.5 * (box.upper()[i] - box.lower()[i]);
      atCenter += row[i] * 0.5 * (box.lower()[i] + box.upper()[i]);
      reach += Math.abs(row[i]) * radius;
      squares += row[i] * row[i] * radius * radius;
    }
    return atCenter - (fault == Fault.WRONG_DUAL_NORM ? Math.sqrt(squares) : reach);
  }

  private double dualNorm(double[] row, Fault fault) {
    double squares = 0;
    double largest = 0;
    for (double value : row) {
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    return fault == Fault.WRONG_DUAL_NORM ? largest : Math.sqrt(squares);
  }

  private boolean isBox() {
    return set.norm().ballIsBox();
  }
}
