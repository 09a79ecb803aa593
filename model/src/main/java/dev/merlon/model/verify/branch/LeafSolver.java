package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Bounds a function over a subproblem of the input set on which the network is affine: every
 * unstable neuron is split, so that a linear program gives the exact minimum for a polyhedral set.
 */
@FunctionalInterface
public interface LeafSolver {
  /** Knows nothing more. */
  LeafSolver NONE = (function, subproblem) -> new Leaf(Double.NEGATIVE_INFINITY, Optional.empty());

  /**
   * What is known of a function over a subproblem.
   *
   * @param lower a bound; infinity where the subproblem is empty, minus infinity where none was
   *     found
   * @param point where the function may be smallest, flat
   * @param found how the bound was found, where it is one of {@link SplitBounds}
   */
  record Leaf(double lower, Optional<double[]> point, Optional<SplitBounds.Bounded> found) {
    /** Of a bound that nobody can find again. */
    public Leaf(double lower, Optional<double[]> point) {
      this(lower, point, Optional.empty());
    }
  }

  /**
   * Bounds a function over a subproblem.
   *
   * @param function its number
   */
  Leaf solve(int function, Subproblem subproblem);

  /**
   * The same for functions that are numbered otherwise.
   *
   * @param numbers gives the number here for one there
   */
  default LeafSolver numbered(IntUnaryOperator numbers) {
    return (function, subproblem) -> solve(numbers.applyAsInt(function), subproblem);
  }
}
