package dev.merlon.model.objective;

import dev.merlon.config.objective.AlignmentSettings;
import dev.merlon.config.objective.CureForm;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Plan.Alignment;
import dev.merlon.model.optimize.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CURE's plan of a step with a radius: a search and a small box for each threat, whose losses
 * {@code L_q} (SABR's) are combined. Joint: {@code sum over q of w_q L_q}; max: of each sample the
 * largest {@code L_q}; random: one norm for each part of the batch. Scratch and finetune add bound
 * alignment between two norms ({@link BoundAlignment}); scratch merges natural updates into
 * certified ones by gradient projection ({@link dev.merlon.model.optimize.GradientProjection}). All
 * radii are the same share of their final ones.
 */
final class CurePlan {
  private final CureObjective objective;
  private final Phase phase;
  private final List<SmallBoxPlan> small;

  private CurePlan(CureObjective objective, Phase phase) {
    this.objective = objective;
    this.phase = phase;
    this.small = new ArrayList<>();
    for (int i = 0; i < objective.threats().size(); i++) {
      NormBall set = set(objective.threats().get(i));
      small.add(SmallBoxPlan.of(i, set, objective.boxes().get(i)));
    }
  }

  static Plan of(CureObjective objective, Phase phase, double regulariserWeight) {
    CurePlan cure = new CurePlan(objective, phase);
    return new Plan(
        cure.searches(),
        cure.terms(),
        cure.combination(),
        objective.alignment().flatMap(cure::alignment),
        phase.robustWeight(),
        regulariserWeight);
  }

  private NormBall set(ThreatSpec threat) {
    NormBall last = NormBall.of(threat, true);
    return last.withEps(last.eps() * (phase.eps() / phase.epsFinal()));
  }

  private boolean divides() {
    return objective.form() == CureForm.RANDOM;
  }

  private List<Plan.Search> searches() {
    List<Plan.Search> searches = new ArrayList<>();
    for (int i = 0; i < small.size(); i++) {
      Plan.Search search = small.get(i).search();
      searches.add(divides() ? search.in(new BatchPart(i, small.size())) : search);
    }
    return searches;
  }

  private List<RobustTerm> terms() {
    List<RobustTerm> terms = small.stream().map(SmallBoxPlan::term).toList();
    return divides() ? List.of(new RobustTerm.RegionOfShare(terms)) : terms;
  }

  private Combination combination() {
    return switch (objective.form()) {
      case JOINT -> new Combination.Weighted(objective.shares());
      case MAX, SCRATCH, FINETUNE -> new Combination.Largest();
      case RANDOM -> new Combination.Mean();
    };
  }

  private Optional<Alignment> alignment(AlignmentSettings settings) {
    List<String> norms = objective.threats().stream().map(ThreatSpec::norm).toList();
    return settings.weight() == 0
        ? Optional.empty()
        : Optional.of(new Alignment(norms.indexOf(settings.lower()), settings.weight()));
  }
}
