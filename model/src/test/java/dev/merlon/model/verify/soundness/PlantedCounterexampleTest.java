package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.AttackStrength;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.VerifierSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Hidden counterexamples are found, and what has one is never certified. {@code
 * MERLON_PLANTED_CASES} sets their number; the figures are printed.
 */
class PlantedCounterexampleTest {
  private static final int CASES =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_PLANTED_CASES")).orElse("20"));

  @Test
  void verify_hiddenCounterexamples_foundAndNeverCertified() {
    int byFirstAttack = 0;
    int byAttack = 0;
    int found = 0;
    for (int seed = 0; seed < CASES; seed++) {
      String norm = VerifierSuite.NORMS.get(seed % VerifierSuite.NORMS.size());
      PlantedCounterexample planted = PlantedCounterexample.of(seed, norm);
      Verdict attacked =
          answer(planted, List.of(Rung.PGD), AttackStrength.STANDARD, Outcome.Kind.UNKNOWN);
      Verdict verdict =
          answer(planted, List.of(Rung.values()), AttackStrength.QUICK, Outcome.Kind.TIMEOUT);
      byAttack += falsified(attacked) ? 1 : 0;
      byFirstAttack += falsified(verdict) && verdict.outcome().rung() == Rung.PGD ? 1 : 0;
      found += falsified(verdict) ? 1 : 0;
    }
    System.out.printf(
        "Planted counterexamples: %d, found by the ladder %d, of these by its attack rung %d;"
            + " by the standard attack alone %d%n",
        CASES, found, byFirstAttack, byAttack);
    assertThat(found).isGreaterThanOrEqualTo((int) Math.ceil(0.95 * CASES));
  }

  private static Verdict answer(
      PlantedCounterexample planted, List<Rung> rungs, AttackStrength attack, Outcome.Kind open) {
    VerifierSettings settings =
        VerifierSuite.settings(rungs, Guarantee.REAL, attack.settings());
    try (Verifier verifier = LadderVerifier.open(planted.model(), settings, 1)) {
      Verdict verdict = verifier.verify(List.of(planted.query())).get(0);
      assertThat(verdict.kind())
          .as("%s: %s", planted.query().set(), verdict.outcome())
          .isIn(Outcome.Kind.FALSIFIED, Outcome.Kind.UNKNOWN, open);
      return verdict;
    }
  }

  private static boolean falsified(Verdict verdict) {
    return verdict.kind() == Outcome.Kind.FALSIFIED;
  }
}
