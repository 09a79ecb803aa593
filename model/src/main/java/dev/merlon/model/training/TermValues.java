package dev.merlon.model.training;

import dev.merlon.model.network.Cost;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.RobustTermVisitor;

/**
 * Numbers that the graph of a robust term keeps for one image, gradients included. The factors were
 * fitted as {@link MemoryEstimate} says.
 *
 * @param cost of the network
 */
record TermValues(Cost cost) implements RobustTermVisitor<Double> {
  /** Kept values and gradients of a pass for logits, per value written. */
  static final double LOGITS = 1.7;

  /** The same of a box pass, whose values die earlier. */
  static final double BOX = 1.3;

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
    throw new IllegalStateException("to be built");
  }

  @Override
  public Double mixedMargins(RobustTerm.MixedMargins term) {
    return term.first().accept(this) + term.second().accept(this);
  }
}
