package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final List<String> WORDS =
      List.of(
          "(",
          ")",
          "((",
          "))",
          "assert",
          "and",
          "or",
          "<=",
          ">=",
          "<",
          ">",
          "=",
          "+",
          "-",
          "*",
          "/",
          "X_0",
          "Y_0",
          "X_999999999",
          "Y_1_1",
          "X[0,1]",
          "[",
          "]",
          "|",
          "\"",
          ";",
          "\n",
          "declare-const",
          "declare-fun",
          "declare-network",
          "declare-input",
          "vnnlib-version",
          "Real",
          "real",
          "0",
          "1e2000",
          "-1e-2000",
          "1e99999999999",
          "0.1",
          "NaN",
          "true",
          "false",
          "not",
          "(/ 1 0)",
          "(* X_0 X_0)",
          "(- 1)",
          "\0",
          "\uD800",
          "é",
          "\uFEFF");

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
      String text = mutated(SOURCES.get(seed % SOURCES.size()), random);
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
      String text = mutated(witness, new SplittableRandom(seed));
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

  private static String mutated(String source, RandomGenerator random) {
    String text = source;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text = random.nextBoolean() ? mutatedCharacters(text, random) : mutatedWords(text, random);
    }
    return text;
  }

  private static String mutatedCharacters(String text, RandomGenerator random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(8));
    String before = text.substring(0, from);
    String piece = text.substring(from, to);
    String after = text.substring(to);
    return switch (random.nextInt(5)) {
      case 0 -> before + after;
      case 1 -> before + piece + piece + after;
      case 2 -> before + (char) random.nextInt(256) + after;
      case 3 -> before + piece.repeat(random.nextInt(300)) + after;
      default ->
          random.nextInt(10) == 0
              ? before
              : before + (char) (32 + random.nextInt(95)) + piece + after;
    };
  }

  private static String mutatedWords(String text, RandomGenerator random) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split("(?<=[() ])|(?=[() ])")));
    int at = random.nextInt(words.size());
    String word = WORDS.get(random.nextInt(WORDS.size()));
    switch (random.nextInt(4)) {
      case 0 -> words.set(at, word);
      case 1 -> words.add(at, word + " ");
      case 2 -> words.remove(at);
      default -> words.add(at, words.get(random.nextInt(words.size())));
    }
    return String.join("", words);
  }
}
