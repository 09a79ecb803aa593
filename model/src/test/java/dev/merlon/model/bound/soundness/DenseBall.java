package dev.merlon.model.bound.soundness;

import dev.merlon.model.norm.NormBall;
import java.util.Arrays;

/** One sample's perturbation set for the dense implementation. */
final class DenseBall {
  private final double[] center;
  private final NormBall set;
  private final DenseNorm norm;

  /**
   * The set around an input.
   *
   * @param center the input
   * @param set what it may become
   */
  DenseBall(double[] center, NormBall set) {
    this.center = center;
    this.set = set;
    this.norm = DenseNorm.of(set.norm());
  }

  double[] center() {
    return center;
  }

  double eps() {
    return set.eps();
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
    boolean wrong = fault == Fault.WRONG_DUAL_NORM;
    Ends box = box(fault);
    double[] bounds = new double[rows.length];
    for (int r = 0; r < rows.length; r++) {
      bounds[r] =
          clip || isBox()
              ? norm.minimum(rows[r], this, box, wrong)
              : norm.overBall(rows[r], this, wrong);
    }
    return bounds;
  }

  /**
   * The tighter of a box and the ball's image under a matrix from the input, around the same
   * centre. For a ball that is no box.
   */
  Ends tighten(Ends image, double[][] fromInput, Fault fault) {
    double[] lower = image.lower().clone();
    double[] upper = image.upper().clone();
    for (int i = 0; i < lower.length; i++) {
      double[] row = fromInput[i];
      double[] opposite = Arrays.stream(row).map(a -> -a).toArray();
      double middle = imageCenter(image, i, fromInput, fault);
      lower[i] = Math.max(lower[i], middle - reach(row, fault));
      upper[i] = Math.min(upper[i], middle + reach(opposite, fault));
    }
    return new Ends(lower, upper);
  }

  private double reach(double[] row, Fault fault) {
    boolean clip = set.clip() || fault == Fault.ALWAYS_CLIPPED;
    double[] going = clip ? norm.going(row, this, box(fault)) : row;
    return set.eps() * norm.dual(fault == Fault.WRONG_DUAL_NORM, going);
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

  /** Whether the ball is its own smallest box, which no image of it tightens. */
  boolean isBox() {
    return set.norm().ballIsBox();
  }
}
