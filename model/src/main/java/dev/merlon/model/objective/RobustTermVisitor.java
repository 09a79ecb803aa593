package dev.merlon.model.objective;

/** What differs between robust terms: one method for each kind. */
public interface RobustTermVisitor<T> {
  /** A term at an adversarial point. */
  T atPoint(RobustTerm.AtPoint term);

  /** A term by interval bounds. */
  T overRegion(RobustTerm.OverRegion term);

  /** A term of its own for each part of a batch. */
  T regionOfShare(RobustTerm.RegionOfShare term);

  /** A term by one backward pass over interval bounds. */
  T backwardOverIntervals(RobustTerm.BackwardOverIntervals term);

  /** A bound of the loss itself. */
  T fusedLoss(RobustTerm.FusedLoss term);

  /** A term by backward passes for every layer. */
  T backwardAllTheWay(RobustTerm.BackwardAllTheWay term);

  /** A term at points of a latent box. */
  T latentSearch(RobustTerm.LatentSearch term);

  /** A term of mixed margins. */
  T mixedMargins(RobustTerm.MixedMargins term);
}
