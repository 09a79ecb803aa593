package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import java.util.List;
import java.util.Optional;

/**
 * A part of the input set over which one function is not proved yet to be above its goal.
 *
 * @param half where, how it was bounded, and the bound
 * @param candidates numbers of neurons that are worth splitting, the most promising first; none
 *     where no neuron is left whose relaxation loses anything
 */
record Domain(Half half, List<Integer> candidates) {
  Domain {
    // What a bound was found with is of use where it proves something, and large.
    half = new Half(half.function(), half.part(), half.lower());
    candidates = List.copyOf(candidates);
  }

  /** The function's lower bound. */
  double lower() {
    return half.lower();
  }

  /** Whether nothing is left to split. */
  boolean leaf() {
    return candidates.isEmpty();
  }

  /** The halves at a neuron; they begin with the whole's bound, which holds for both. */
  List<Half> halves(int neuron) {
    return List.of(half(neuron, true), half(neuron, false));
  }

  private Half half(int neuron, boolean active) {
    return new Half(half.function(), half.part().half(neuron, active), half.lower());
  }

  /**
   * A part of the input set, and what is known of a function there.
   *
   * @param function number of the function that is bounded
   * @param part where, with slopes and multipliers to bound it with
   * @param lower a lower bound of the function there
   * @param found how that bound was found; none where it is a whole's
   */
  record Half(int function, Subproblem part, double lower, Optional<SplitBounds.Bounded> found) {
    /** A part with a bound that was found elsewhere. */
    Half(int function, Subproblem part, double lower) {
      this(function, part, lower, Optional.empty());
    }

    /** The same part with other parameters, and another bound if that is higher. */
    Half with(SplitBounds.Bounded better) {
      return better.lower() > lower
          ? new Half(function, better.part(), better.lower(), Optional.of(better))
          : new Half(function, better.part(), lower, found);
    }

    /** The same part with what a solver says, if its bound is higher. */
    Half with(LeafSolver.Leaf leaf) {
      return leaf.lower() > lower ? new Half(function, part, leaf.lower(), leaf.found()) : this;
    }
  }
}
