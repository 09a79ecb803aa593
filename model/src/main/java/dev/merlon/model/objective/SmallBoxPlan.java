package dev.merlon.model.objective;

import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.RegionBounds;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.objective.SmallBoxSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.objective.Plan.Search;

/**
 * What SABR (Mueller et al. 2023) does with one perturbation set: the search for a point and the
 * small box around it.
 *
 * <p>An attack finds {@code x'} in the ball of radius {@code (1 - lambda) eps}; the box {@code {z :
 * |z - x'| <= lambda eps}}, which lies inside the whole one, is propagated by IBP, and the loss is
 * the cross-entropy of its worst margins, {@code log(1 + sum over j of exp(-m_j))}. No gradient
 * passes through {@code x'}. {@code lambda = 1} is IBP, {@code lambda} towards 0 adversarial
 * training: smaller boxes regularise less and leave more of the set unbounded.
 *
 * @param search the attack
 * @param region the box around what it finds
 * @param bounds what bounds the loss over it
 */
record SmallBoxPlan(Search search, Region.Small region, RegionBounds bounds) {

  /** The robust loss over the region. */
  RobustTerm term() {
    return switch (bounds) {
      case IBP -> new RobustTerm.OverRegion(region);
      case CROWN_IBP -> new RobustTerm.FusedLoss(region, 1, Concretisation.INPUT);
    };
  }

  /**
   * The search and the box.
   *
   * @param attack number that the search has in the plan
   */
  static SmallBoxPlan of(int attack, NormBall set, SmallBoxSettings box) {
    double ratio = box.subselectionRatio();
    // The paper searches where the small box still fits; its code and CTBench search the whole set
    // and move the box inside.
    NormBall searched = box.region().searchesInside() ? set.withEps((1 - ratio) * set.eps()) : set;
    StepWidth width = box.region() == RegionForm.DIMWISE ? StepWidth.PER_PIXEL : StepWidth.LARGEST;
    return new SmallBoxPlan(
        new Search(searched, box.attack(), new Pgd.Options(width, Pgd.Keep.HIGHEST_LOSS)),
        new Region.Small(attack, set, ratio, box.region(), box.reluShrinkage()),
        box.bounds());
  }
}
