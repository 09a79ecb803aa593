package dev.merlon.model.verify.vnnlib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damage to VNN-LIB texts, of characters and of words. */
public final class TextMutations {
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

  private TextMutations() {}

  /** One to four damages. */
  public static String of(String source, RandomGenerator random) {
    String text = source;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text = once(text, random);
    }
    return text;
  }

  /** One damage. */
  public static String once(String text, RandomGenerator random) {
    return random.nextBoolean() ? mutatedCharacters(text, random) : mutatedWords(text, random);
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
