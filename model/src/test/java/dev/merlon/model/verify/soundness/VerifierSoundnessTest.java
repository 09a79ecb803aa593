package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.verify.soundness.Findings.Count;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The whole verifier never certifies what a point refutes, and decides nearly everything. {@code
 * MERLON_VERIFIER_CASES} sets the number of cases; the figures are printed.
 */
class VerifierSoundnessTest {
  private static final int CASES =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_VERIFIER_CASES")).orElse("36"));
  private static final int FIRST =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_VERIFIER_FIRST")).orElse("0"));
  private static final int PROGRESS = 1000;

  @Test
  void verify_randomNetworks_noFalseCertificate() {
    VerifierSuite suite = new VerifierSuite(List.of(Rung.values()));
    long start = System.nanoTime();
    int printed = 0;
    for (int seed = FIRST; suite.total().of(Count.CASES) < CASES; seed++) {
      suite.run(seed);
      int cases = suite.total().of(Count.CASES);
      if (cases / PROGRESS > printed || cases >= CASES) {
        printed = cases / PROGRESS;
        print(suite, (System.nanoTime() - start) / 1e9);
      }
    }

    Findings total = suite.total();
    assertThat(total.violations()).isEmpty();
    assertThat(total.of(Count.FALSE_CERTIFICATES)).isZero();
    assertThat(total.share(Count.UNSETTLED, Count.CERTIFIED)).isLessThan(0.01);
    suite
        .findings()
        .forEach((norm, found) -> assertThat(found.of(Count.NEAR)).as(norm).isPositive());
    assertThat(total.share(Count.NEAR, Count.CASES)).isGreaterThan(0.2);
    assertThat(total.share(Count.OPEN, Count.CASES)).isLessThan(0.08);
    assertThat(NativeMemory.openScopes()).doesNotContainKey("verifier");
  }

  private static void print(VerifierSuite suite, double seconds) {
    suite
        .findings()
        .forEach((norm, found) -> System.out.println("Verifier " + norm + ": " + found));
    System.out.printf(Locale.ROOT, "Verifier: %s, %.0f s%n", suite.total(), seconds);
  }
}
