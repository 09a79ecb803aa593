package dev.merlon.model.objective;

/** A robust loss per sample. */
public sealed interface RobustTerm permits RobustTerm.AtPoint, RobustTerm.OverRegion {

  /**
   * Cross-entropy at an adversarial point.
   *
   * @param attack number of the plan's attack
   */
  record AtPoint(int attack) implements RobustTerm {}

  /**
   * Cross-entropy of the margin bounds over a region, by interval bound propagation.
   *
   * @param region what is propagated
   */
  record OverRegion(Region region) implements RobustTerm {}
}
