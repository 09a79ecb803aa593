package dev.merlon.model.training;

import dev.merlon.config.AttackSettings;
import dev.merlon.config.EvaluationSettings;
import dev.merlon.config.RunSettings;
import dev.merlon.config.SelectionMetric;
import dev.merlon.model.norm.PerturbationSet;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluation during training measures.
 *
 * @param sets threats; an image counts if it withstands, or is proved for, each of them
 * @param attack the search that images have to withstand; empty for none
 * @param crownIbp whether images that interval bounds do not prove are tried by CROWN-IBP
 */
public record EvaluationPlan(
    List<PerturbationSet> sets, Optional<AttackSettings> attack, boolean crownIbp) {
  /** Keeps a copy of the list. */
  public EvaluationPlan {
    sets = List.copyOf(sets);
  }

  /** Interval bounds for one threat. */
  public static EvaluationPlan intervals(PerturbationSet set) {
    return new EvaluationPlan(List.of(set), Optional.empty(), false);
  }

  /** What a run compares its models by. The attack is dear and runs only where it decides. */
  public static EvaluationPlan of(RunSettings settings) {
    EvaluationSettings evaluation = settings.evaluation();
    boolean attacks = settings.selection().metric() == SelectionMetric.ADVERSARIAL;
    return new EvaluationPlan(
        evaluation.threats().stream().map(threat -> PerturbationSet.of(threat, true)).toList(),
        attacks ? Optional.of(evaluation.attack()) : Optional.empty(),
        evaluation.rungs().contains("crown-ibp"));
  }
}
