package dev.merlon.model.verify.branch;

import java.util.List;

/**
 * A subproblem in which its function is not proved yet to be above its goal.
 *
 * @param bounded where, how it was bounded, and the bound
 * @param candidates numbers of neurons that are worth splitting, the most promising first; none
 *     where no neuron is left whose relaxation loses anything
 */
record OpenSubproblem(BoundedSubproblem bounded, List<Integer> candidates) {
  OpenSubproblem {
    // What a bound was found with is of use where it proves something, and large.
    bounded = new BoundedSubproblem(bounded.function(), bounded.subproblem(), bounded.lower());
    candidates = List.copyOf(candidates);
  }

  /** The function's lower bound. */
  double lower() {
    return bounded.lower();
  }

  /** Whether nothing is left to split. */
  boolean leaf() {
    return candidates.isEmpty();
  }

  /** Split at a neuron; both begin with the bound of the whole, which holds for them. */
  List<BoundedSubproblem> split(int neuron) {
    return List.of(split(neuron, true), split(neuron, false));
  }

  private BoundedSubproblem split(int neuron, boolean active) {
    return new BoundedSubproblem(
        bounded.function(), bounded.subproblem().split(neuron, active), bounded.lower());
  }
}
