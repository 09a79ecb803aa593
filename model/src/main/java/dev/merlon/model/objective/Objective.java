package dev.merlon.model.objective;

import dev.merlon.config.ObjectiveSettings;
import dev.merlon.config.RegionForm;
import dev.merlon.config.RegulariserSettings;
import dev.merlon.config.RunSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.objective.Plan.Combination;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.optimize.Phase;
import java.util.List;

/**
 * Turns the configured objective into the plan of each step. A new objective is a new case here.
 */
public final class Objective {
  // Bounds of a point say nothing about tightness; the literature's codes use this radius while eps
  // is 0.
  private static final double SMALLEST_REGULARISED_EPS = 1e-6;

  private final ObjectiveSettings settings;
  private final RegulariserSettings regulariser;
  private final Norm norm;

  /** The objective of a run. */
  public Objective(RunSettings run) {
    this.settings = run.objective();
    this.regulariser = run.regulariser();
    this.norm = Norm.of(run.schedule().norm());
  }

  /** The plan of a step. */
  public Plan plan(Phase phase) {
    boolean attacksOnly = settings instanceof ObjectiveSettings.Pgd;
    if (settings instanceof ObjectiveSettings.Natural || (attacksOnly && phase.natural())) {
      return new Plan(List.of(), List.of(), Combination.MEAN, 0, 0);
    }
    PerturbationSet set = new PerturbationSet(norm, phase.eps(), true);
    if (settings instanceof ObjectiveSettings.Pgd pgd) {
      return robust(
          phase,
          List.of(new Search(set, pgd.attack(), Pgd.Options.TRAINING)),
          new RobustTerm.AtPoint(0),
          false);
    }
    if (phase.natural() || settings instanceof ObjectiveSettings.Ibp) {
      return robust(phase, List.of(), new RobustTerm.OverRegion(new Region.Whole(set)), true);
    }
    return sabr((ObjectiveSettings.Sabr) settings, phase, set);
  }

  /** The radius whose box the warm-up regulariser looks at. */
  public static double regularisedEps(Phase phase) {
    return Math.max(phase.eps(), SMALLEST_REGULARISED_EPS);
  }

  /** The set whose box the warm-up regulariser looks at when the radius is still 0. */
  public PerturbationSet smallestRegularisedSet() {
    return new PerturbationSet(norm, SMALLEST_REGULARISED_EPS, true);
  }

  private Plan sabr(ObjectiveSettings.Sabr sabr, Phase phase, PerturbationSet set) {
    double ratio = sabr.subselectionRatio();
    // The paper searches where the small box still fits; its code and CTBench search the whole set
    // and move the box inside.
    PerturbationSet searched =
        sabr.region() == RegionForm.PAPER ? set.withEps((1 - ratio) * set.eps()) : set;
    Pgd.StepWidth width =
        sabr.region() == RegionForm.DIMWISE ? Pgd.StepWidth.PER_PIXEL : Pgd.StepWidth.LARGEST;
    Search search =
        new Search(searched, sabr.attack(), new Pgd.Options(width, Pgd.Keep.HIGHEST_LOSS));
    return robust(
        phase,
        List.of(search),
        new RobustTerm.OverRegion(
            new Region.Small(0, set, ratio, sabr.region(), sabr.reluShrinkage())),
        true);
  }

  private Plan robust(Phase phase, List<Search> attacks, RobustTerm term, boolean regularised) {
    boolean warmUp = regularised && phase.ramping() && regulariser.weight() > 0;
    double weight =
        warmUp ? regulariser.weight() * (1 - regularisedEps(phase) / phase.epsFinal()) : 0;
    // A natural epoch has radius 0, where the robust loss is the clean cross-entropy.
    return new Plan(attacks, List.of(term), Combination.MEAN, phase.robustWeight(), weight);
  }
}
