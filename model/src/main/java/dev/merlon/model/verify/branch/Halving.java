package dev.merlon.model.verify.branch;

import java.util.List;

/** How a domain is cut at a neuron: the parts together are the domain. */
@FunctionalInterface
interface Halving {
  /** Where the neuron is at least 0, and where it is at most 0. */
  Halving BY_SIGN = Domain::halves;

  List<Domain.Half> halves(Domain domain, int neuron);
}
