package dev.merlon.model.attack;

import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.tensor.Scope;

/** The search for counterexamples that settings name. */
public final class EvaluationSearch {
  private EvaluationSearch() {}

  /**
   * Searches the perturbation set around each sample; a misclassified point is preferred to all
   * others.
   *
   * @param starts where start points come from
   * @param into scope that will own the result
   */
  public static AttackResult run(
      EvaluationAttack attack, AttackSubject subject, StartPoints starts, Scope into) {
    return switch (attack.method()) {
      case PGD ->
          Pgd.search(
              subject.live(),
              subject.x(),
              subject.labels(),
              subject.set(),
              attack.settings(),
              Pgd.Options.EVALUATION,
              starts,
              into);
      case APGD, APGD_TARGETED ->
          Apgd.search(
              Apgd.aims(attack.method(), subject.live().network().classes()),
              attack.settings(),
              subject,
              starts,
              into);
    };
  }
}
