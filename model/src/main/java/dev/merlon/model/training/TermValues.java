package dev.merlon.model.training;

import dev.merlon.model.network.Cost;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.Network;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.RobustTermVisitor;

/**
 * Numbers that the graph of a robust term keeps for one image, gradients included. The factors were
 * fitted as {@link MemoryEstimate} says.
 *
 * @param network that is trained
 * @param cost of it
 */
record TermValues(Network network, Cost cost) implements RobustTermVisitor<Double> {
  /** Kept values and gradients of a pass for logits, per value written. */
  static final double LOGITS = 1.7;

  /** The same of a box pass, whose values die earlier. */
  static final double BOX = 1.3;

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
  public Double backwardOverIntervals(RobustTerm.BackwardOverIntervals term) {
    throw new IllegalStateException("to be built");
  }

  @Override
  public Double fusedLoss(RobustTerm.FusedLoss term) {
    throw new IllegalStateException("to be built");
  }

  @Override
  public Double backwardAllTheWay(RobustTerm.BackwardAllTheWay term) {
    throw new IllegalStateException("to be built");
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
}
