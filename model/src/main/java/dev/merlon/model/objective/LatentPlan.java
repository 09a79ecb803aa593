package dev.merlon.model.objective;

import dev.merlon.config.objective.TapsObjective;
import dev.merlon.model.norm.NormBall;
import java.util.List;
import java.util.Optional;

/**
 * What TAPS and STAPS (Mao et al. 2023) do with one perturbation set: the search for the small box
 * of STAPS, and the term of the latent points.
 *
 * <p>The network is cut in an extractor and a classifier. IBP through the extractor gives a latent
 * box; in it, for every class {@code j} apart from the label, projected gradient ascent looks for
 * the point of the largest {@code o_j = z_j - z_y}, and {@code L_TAPS} is the cross-entropy of
 * {@code (0, o)}. With {@code L_IBP} over the whole network the loss is the product {@code L_TAPS
 * L_IBP}, whose gradients are weighted by {@code w : 1}. The points pass their gradients on to the
 * box through {@link GradientConnector}. STAPS begins with SABR's small box instead of the set.
 *
 * @param attacks none for TAPS
 */
record LatentPlan(List<Plan.Search> attacks, RobustTerm.LatentSearch term) {
  /** Keeps a copy of the list. */
  LatentPlan {
    attacks = List.copyOf(attacks);
  }

  /** The latent search over a set, or over a small box in it. */
  static LatentPlan of(NormBall set, TapsObjective objective) {
    Optional<SmallBoxPlan> small = objective.box().map(box -> SmallBoxPlan.of(0, set, box));
    Region region =
        small
            .<Region>map(SmallBoxPlan::region)
            .orElse(new Region.Whole(set, objective.taps().reluShrinkage()));
    return new LatentPlan(
        small.map(SmallBoxPlan::search).stream().toList(),
        new RobustTerm.LatentSearch(region, objective.taps()));
  }

  /** The latent points alone, as an evaluation looks at them. */
  Plan alone() {
    return Plan.single(attacks, term, 1, 0);
  }
}
