package dev.merlon.model.training;

import dev.merlon.config.RunSettings;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.evaluation.EvaluationSettings;
import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.Plan;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluation during training measures.
 *
 * @param sets threats; an image counts if it withstands, or is proved for, each of them
 * @param attack the search that images have to withstand; empty for none
 * @param latent searches in latent boxes, one for each threat; empty for none
 * @param crownIbp whether images that interval bounds do not prove are tried by CROWN-IBP
 */
public record EvaluationPlan(
    List<NormBall> sets, Optional<EvaluationAttack> attack, List<Plan> latent, boolean crownIbp) {
  /** Keeps copies of the lists. */
  public EvaluationPlan {
    sets = List.copyOf(sets);
    latent = List.copyOf(latent);
  }

  /** What a run compares its models by. Searches are expensive and run only where they decide. */
  public static EvaluationPlan of(RunSettings settings) {
    EvaluationSettings evaluation = settings.evaluation();
    SelectionMetric metric = settings.selection().metric();
    List<NormBall> sets =
        settings.selection().threats(evaluation).stream()
            .map(threat -> NormBall.of(threat, true))
            .toList();
    return new EvaluationPlan(
        sets,
        metric == SelectionMetric.ADVERSARIAL ? Optional.of(evaluation.attack()) : Optional.empty(),
        metric == SelectionMetric.TAPS ? latent(settings, sets) : List.of(),
        evaluation.rungs().contains("crown-ibp"));
  }

  private static List<Plan> latent(RunSettings settings, List<NormBall> sets) {
    Objective objective = new Objective(settings);
    return sets.stream().map(set -> objective.latentSearch(set).orElseThrow()).toList();
  }
}
