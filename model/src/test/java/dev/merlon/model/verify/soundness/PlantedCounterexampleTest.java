package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Hidden counterexamples are found, and what has one is never certified. {@code
 * MERLON_PLANTED_CASES} sets their number; the figures are printed. The attacks are those of
 * certification.
 */
class PlantedCounterexampleTest {
  private static final int CASES =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_PLANTED_CASES")).orElse("12"));

  @Test
  void verify_hiddenCounterexamples_foundAndNeverCertified() {
    int byAttack = 0;
    int found = 0;
    for (int seed = 0; seed < CASES; seed++) {
      String norm = VerifierSuite.NORMS.get(seed % VerifierSuite.NORMS.size());
      Verdict verdict =
          answer(
              PlantedCounterexample.of(seed, norm),
              List.of(Rung.values()),
              AttackStrength.QUICK.attack());
      boolean falsified = verdict.kind() == Outcome.Kind.FALSIFIED;
      found += falsified ? 1 : 0;
      if (!falsified) {
        System.out.printf(Locale.ROOT, "Missed %d (%s): %s%n", seed, norm, verdict.outcome());
      }
      byAttack += falsified && VerifierSuite.byAttack(verdict) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "Planted counterexamples: %d, found %d, by attack rungs alone %d%n",
        CASES,
        found,
        byAttack);
    assertThat(found).isGreaterThanOrEqualTo((int) Math.ceil(0.95 * CASES));
  }

  // Equal numbers of gradient steps: with two classes APGD has one loss.
  @Test
  void verify_apgdAlone_findsAtLeastAsManyAsPgd() {
    AttackSettings steps = AttackStrength.STANDARD.settings();
    List<Rung> rungs = List.of(Rung.PGD);
    int pgd = 0;
    int apgd = 0;
    for (int seed = 0; seed < CASES; seed++) {
      String norm = VerifierSuite.NORMS.get(seed % VerifierSuite.NORMS.size());
      PlantedCounterexample planted = PlantedCounterexample.of(seed, norm);
      pgd += falsified(planted, rungs, EvaluationAttack.pgd(steps)) ? 1 : 0;
      apgd += falsified(planted, rungs, new EvaluationAttack(AttackMethod.APGD, steps)) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT, "Planted counterexamples: %d, PGD %d, APGD %d%n", CASES, pgd, apgd);
    assertThat(apgd).isPositive().isGreaterThanOrEqualTo(pgd);
  }

  private static boolean falsified(
      PlantedCounterexample planted, List<Rung> rungs, EvaluationAttack attack) {
    return answer(planted, rungs, attack).kind() == Outcome.Kind.FALSIFIED;
  }

  private static Verdict answer(
      PlantedCounterexample planted, List<Rung> rungs, EvaluationAttack attack) {
    Effort effort = VerifierSuite.effort(rungs, attack);
    try (Verifier verifier = VerifierSuite.open(planted.model())) {
      Verdict verdict = verifier.verify(List.of(planted.query()), effort).get(0);
      assertThat(verdict.kind())
          .as("%s: %s", planted.query().set(), verdict.outcome())
          .isIn(Outcome.Kind.FALSIFIED, Outcome.Kind.UNKNOWN, Outcome.Kind.TIMEOUT);
      return verdict;
    }
  }
}
