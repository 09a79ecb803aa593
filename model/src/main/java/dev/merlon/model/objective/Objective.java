package dev.merlon.model.objective;

import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.objective.CrownIbpObjective;
import dev.merlon.config.objective.CrownObjective;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.config.objective.ExpressiveObjective;
import dev.merlon.config.objective.IbpObjective;
import dev.merlon.config.objective.NaturalObjective;
import dev.merlon.config.objective.ObjectiveSettings;
import dev.merlon.config.objective.ObjectiveVisitor;
import dev.merlon.config.objective.PgdObjective;
import dev.merlon.config.objective.SabrObjective;
import dev.merlon.config.objective.TapsObjective;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.Network;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.optimize.Phase;
import java.util.List;
import java.util.Optional;

/**
 * Turns the configured objective into the plan of each step. A new objective is a new method here.
 */
public final class Objective {
  // Bounds of a point say nothing about tightness; the literature's codes use this radius while eps
  // is 0.
  private static final double SMALLEST_REGULARISED_EPS = 1e-6;

  private static final double SMALLEST_SHARE = 1e-5;

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
    return settings.accept(new Planning(phase));
  }

  /** The search for latent points over a perturbation set; empty for objectives without one. */
  public Optional<Plan> latentSearch(NormBall set) {
    return settings instanceof TapsObjective taps
        ? Optional.of(LatentPlan.of(set, taps).alone())
        : Optional.empty();
  }

  /**
   * Refuses a network that the objective cannot train.
   *
   * @throws MerlonException (configuration) when there is no split with the rectifiers asked for
   */
  public void requireFit(Network network) {
    settings.latent().ifPresent(taps -> LatentSplit.of(network, taps.relus()));
  }

  /** The radius whose box the warm-up regulariser looks at. */
  public static double regularisedEps(Phase phase) {
    return Math.max(phase.eps(), SMALLEST_REGULARISED_EPS);
  }

  /** The set whose box the warm-up regulariser looks at when the radius is still 0. */
  public NormBall smallestRegularisedSet() {
    return new NormBall(norm, SMALLEST_REGULARISED_EPS, true);
  }

  private final class Planning implements ObjectiveVisitor<Plan> {
    private final Phase phase;
    private final NormBall set;

    Planning(Phase phase) {
      this.phase = phase;
      this.set = new NormBall(norm, phase.eps(), true);
    }

    @Override
    public Plan natural(NaturalObjective objective) {
      return Plan.NATURAL;
    }

    @Override
    public Plan pgd(PgdObjective objective) {
      if (phase.natural()) {
        return Plan.NATURAL;
      }
      Search search = new Search(set, objective.attack(), Pgd.Options.TRAINING);
      return Plan.single(List.of(search), new RobustTerm.AtPoint(0), phase.robustWeight(), 0);
    }

    @Override
    public Plan ibp(IbpObjective objective) {
      return intervals();
    }

    @Override
    public Plan sabr(SabrObjective objective) {
      return phase.natural() ? intervals() : smallBox(SmallBoxPlan.of(0, set, objective.box()));
    }

    // Where beta is next to nothing the backward pass is left out, as CROWN-IBP's code does.
    @Override
    public Plan crownIbp(CrownIbpObjective objective) {
      double share = objective.share(phase.eps() / phase.epsFinal());
      if (phase.natural() || share < SMALLEST_SHARE) {
        return intervals();
      }
      Region whole = new Region.Whole(set);
      return regularised(
          List.of(),
          objective.lossFusion()
              ? new RobustTerm.FusedLoss(whole, share, objective.concretise())
              : new RobustTerm.BackwardOverIntervals(whole, share, objective.concretise()));
    }

    @Override
    public Plan crown(CrownObjective objective) {
      return phase.natural()
          ? intervals()
          : regularised(List.of(), new RobustTerm.BackwardAllTheWay(new Region.Whole(set)));
    }

    // While the radius grows, TAPS trains as IBP and STAPS as SABR do.
    @Override
    public Plan taps(TapsObjective objective) {
      if (phase.natural()) {
        return intervals();
      }
      LatentPlan latent = LatentPlan.of(set, objective);
      RobustTerm interval = new RobustTerm.OverRegion(latent.term().region());
      return phase.ramping()
          ? regularised(latent.attacks(), interval)
          : new Plan(
              latent.attacks(),
              List.of(latent.term(), interval),
              Combination.taps(objective.taps()),
              Optional.empty(),
              phase.robustWeight(),
              0);
    }

    @Override
    public Plan expressive(ExpressiveObjective objective) {
      if (phase.natural()) {
        return intervals();
      }
      Search search =
          new Search(
              set.withEps(objective.attackRadius() * set.eps()),
              objective.attack(),
              Pgd.Options.TRAINING);
      RobustTerm adversarial = new RobustTerm.AtPoint(0);
      RobustTerm interval = new RobustTerm.OverRegion(new Region.Whole(set));
      double share = objective.ibpShare();
      return switch (objective.form()) {
        case MTL_IBP ->
            several(
                List.of(search),
                List.of(adversarial, interval),
                new Combination.Weighted(List.of(1 - share, share)));
        case CC_IBP ->
            regularised(List.of(search), new RobustTerm.MixedMargins(adversarial, interval, share));
        case EXP_IBP ->
            several(
                List.of(search), List.of(adversarial, interval), new Combination.Geometric(share));
      };
    }

    @Override
    public Plan cure(CureObjective objective) {
      return phase.natural() ? intervals() : CurePlan.of(objective, phase, regulariserWeight());
    }

    /** Interval bounds of the whole set; with radius 0 the clean cross-entropy. */
    private Plan intervals() {
      return regularised(List.of(), new RobustTerm.OverRegion(new Region.Whole(set)));
    }

    /** SABR. */
    private Plan smallBox(SmallBoxPlan small) {
      return regularised(List.of(small.search()), small.term());
    }

    private Plan regularised(List<Search> attacks, RobustTerm term) {
      return several(attacks, List.of(term), new Combination.Mean());
    }

    private Plan several(List<Search> attacks, List<RobustTerm> terms, Combination combination) {
      return new Plan(
          attacks, terms, combination, Optional.empty(), phase.robustWeight(), regulariserWeight());
    }

    private double regulariserWeight() {
      return phase.ramping() && regulariser.weight() > 0
          ? regulariser.weight() * (1 - regularisedEps(phase) / phase.epsFinal())
          : 0;
    }
  }
}
