package dev.merlon.model.verify.branch;

import java.util.List;

/** How a subproblem is split at a neuron: the results together are all of it. */
@FunctionalInterface
interface Splitting {
  /** Where the neuron is at least 0, and where it is at most 0. */
  Splitting BY_SIGN = OpenSubproblem::split;

  List<BoundedSubproblem> split(OpenSubproblem subproblem, int neuron);
}
