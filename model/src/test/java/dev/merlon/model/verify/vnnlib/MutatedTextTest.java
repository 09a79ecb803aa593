package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged texts end in a property or in one clear line. */
class MutatedTextTest {
  private static final int MUTATIONS = 15_000;
  private static final int LONGEST_MESSAGE = 400;
  private static final List<String> SOURCES =
      List.of(
          Texts.with(
              2,
              2,
              "; comment",
              "(assert (and (<= 0 X_0 1) (>= X_1 (- 1)) (<= X_1 (/ 1 255))))",
              "(assert (or (and (<= Y_0 Y_1) (> Y_0 1.5e-3)) (= (+ Y_0 (* 2 Y_1)) X_0)))",
              "(assert (or (<= X_0 0.5) (and (>= X_0 0.75) (or (< Y_1 1) (< Y_0 1)))))"),
          """
          (vnnlib-version <2.0>)
          (declare-network N (declare-input X real [1,2]) (declare-output Y real [1,2]))
          (assert (and (<= 0 X[0,0] 1) (<= 0 X[0,1] 1)))
          (assert (or (>= Y[0,0] Y[0,1]) (<= (- Y[0,0]) 3)))
          """,
          """
          (set-logic QF_LRA)
          (declare-fun X_0_0 () Real) (declare-fun X_0_1 () Real) (declare-fun |Y_0| () Real)
          (assert (and (<= 0 X_0_0) (<= X_0_0 1) (= X_0_1 0.25)))
          (assert (<= (- (* 3 (- Y_0 0.5)) X_0_0) (/ X_0_1 4)))
          (check-sat)
          """);

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void parse_mutatedTexts_endInAPropertyOrOneLine() {
    int parsed = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      String text = TextMutations.of(SOURCES.get(seed % SOURCES.size()), random);
      parsed += parses(text, seed) ? 1 : 0;
    }
    // Neither are all refused nor all taken.
    assertThat(parsed).isBetween(MUTATIONS / 100, MUTATIONS * 3 / 4);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void parse_mutatedWitnesses_endInAWitnessOrOneLine() {
    VnnLibProperty property = Texts.boxed("(assert (<= Y_0 Y_1))");
    String witness = "sat\n((X_0 0.5)\n (X_1 -1e-3)\n (Y_0 2)\n (Y_1 2.25))\n";
    for (int seed = 0; seed < MUTATIONS; seed++) {
      String text = TextMutations.of(witness, new SplittableRandom(seed));
      try {
        WitnessFile.parse(property, text, "mutated");
      } catch (MerlonException refused) {
        assertOneLine(refused, seed);
      }
    }
  }

  private static boolean parses(String text, int seed) {
    try {
      VnnLib.parse(text, "mutated");
      return true;
    } catch (MerlonException refused) {
      assertOneLine(refused, seed);
      return false;
    } catch (RuntimeException | Error unexpected) {
      throw new AssertionError("seed " + seed + ":\n" + text, unexpected);
    }
  }

  private static void assertOneLine(MerlonException refused, int seed) {
    assertThat(refused.failure()).as("seed %s", seed).isInstanceOf(Failure.Data.class);
    assertThat(refused.getMessage())
        .as("seed %s", seed)
        .startsWith("mutated")
        .hasSizeLessThan(LONGEST_MESSAGE)
        .matches("[ -~…]+");
  }
}
