package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import java.util.Optional;

/**
 * A subproblem, and what is known of a function there.
 *
 * @param function number of the function that is bounded
 * @param subproblem where, with slopes and multipliers to bound it with
 * @param lower a lower bound of the function there
 * @param found how that bound was found; none where it is that of a subproblem around this one
 */
record BoundedSubproblem(
    int function, Subproblem subproblem, double lower, Optional<SplitBounds.Bounded> found) {
  /** One with a bound that was found elsewhere. */
  BoundedSubproblem(int function, Subproblem subproblem, double lower) {
    this(function, subproblem, lower, Optional.empty());
  }

  /** The same with other parameters, and another bound if that is higher. */
  BoundedSubproblem with(SplitBounds.Bounded better) {
    return better.lower() > lower
        ? new BoundedSubproblem(function, better.subproblem(), better.lower(), Optional.of(better))
        : new BoundedSubproblem(function, better.subproblem(), lower, found);
  }

  /** The same with what a solver says, if its bound is higher. */
  BoundedSubproblem with(LeafSolver.Leaf leaf) {
    return leaf.lower() > lower
        ? new BoundedSubproblem(function, subproblem, leaf.lower(), leaf.found())
        : this;
  }
}
