package dev.merlon.model.training;

import dev.merlon.model.bound.linear.CoefficientCount;
import dev.merlon.model.network.Cost;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.Network;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.RobustTermVisitor;

/**
 * Numbers that the graph of a robust term keeps for one image, gradients included. The factors were
 * fitted as {@link MemoryEstimate} says.
 *
 * @param network with batch normalisation merged, as bounds see it
 * @param cost of the network that is trained
 */
record TermValues(Network network, Cost cost) implements RobustTermVisitor<Double> {
  /** Kept values and gradients of a pass for logits, per value written. */
  static final double LOGITS = 1.7;

  /** The same of a box pass, whose values die earlier. */
  static final double BOX = 1.3;

  /** The same of the lines around activations, per value. */
  private static final double LINES = 24;

  /** The same of a backward pass, per coefficient. */
  private static final double COEFFICIENT = 4.5;

  /** The same of the many rows of one layer, whose coefficients are used once. */
  private static final double NEURON_COEFFICIENT = 3.2;

  /** The same of coefficients on receptive fields, with what is looked up for each of them. */
  private static final double FIELD_COEFFICIENT = 4.4;

  /** A latent point, its shares of both ends of its box, its gradient, and what is between them. */
  private static final double CONNECTED = 9;

  @Override
  public Double atPoint(RobustTerm.AtPoint term) {
    return LOGITS * cost.concrete().values();
  }

  @Override
  public Double overRegion(RobustTerm.OverRegion term) {
    return BOX * cost.box().values();
  }

  @Override
  public Double regionOfShare(RobustTerm.RegionOfShare term) {
    return term.parts().stream().mapToDouble(part -> part.accept(this)).average().orElseThrow();
  }

  @Override
  public Double backwardOverIntervals(RobustTerm.BackwardOverIntervals term) {
    return relaxed() + COEFFICIENT * CoefficientCount.margins(network);
  }

  @Override
  public Double fusedLoss(RobustTerm.FusedLoss term) {
    return relaxed() + COEFFICIENT * CoefficientCount.row(network);
  }

  @Override
  public Double backwardAllTheWay(RobustTerm.BackwardAllTheWay term) {
    // All neurons may be unstable, and are at first where the radius does not grow.
    double rows = NEURON_COEFFICIENT * CoefficientCount.preActivations(network);
    double fields = FIELD_COEFFICIENT * CoefficientCount.receptiveFields(network);
    return relaxed() + COEFFICIENT * CoefficientCount.margins(network) + rows + fields;
  }

  @Override
  public Double latentSearch(RobustTerm.LatentSearch term) {
    LatentSplit split = LatentSplit.of(network, term.taps().relus());
    int points = term.taps().estimator().points(network.classes());
    double behind = LOGITS * Cost.concreteFrom(split.value(), network).values();
    return points * (behind + CONNECTED * split.shape().size());
  }

  @Override
  public Double mixedMargins(RobustTerm.MixedMargins term) {
    return term.first().accept(this) + term.second().accept(this);
  }

  /** Boxes and the lines that follow from them. */
  private double relaxed() {
    long activations = network.nonlinear().stream().mapToLong(node -> node.shape().size()).sum();
    return BOX * cost.box().values() + LINES * activations;
  }
}
