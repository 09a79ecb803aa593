package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.Subproblem;

/**
 * Bounds a margin over a part of the input set on which the network is affine: every unstable
 * neuron is split, so that a linear program gives the exact minimum for a polyhedral set.
 */
@FunctionalInterface
public interface LeafSolver {
  /** Knows nothing more. */
  LeafSolver NONE = (other, part) -> Double.NEGATIVE_INFINITY;

  /**
   * A lower bound of the margin over the part; infinity where it is empty, minus infinity where
   * none was found.
   *
   * @param other the class that the label is compared with
   */
  double lower(int other, Subproblem part);
}
