package dev.merlon.model.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** Values that programs stumble over. */
final class ExtremeValues {
  private static final long[] WHOLE = {
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    -2,
    100,
    1_000,
    32_767,
    65_536,
    100_000,
    1L << 24,
    1L << 30,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 1L,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 32) + 1,
    100L << 30,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] REAL = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    1e-30,
    1e-45,
    1e30,
    -1e30,
    3.4e38,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final List<String> NAMES =
      List.of(
          "",
          " ",
          "x",
          "input",
          "logits",
          "\0",
          "\n",
          "a\r\nb",
          "../../etc/passwd",
          "😀",
          "é",
          "%s%n",
          "'",
          "\"");

  private ExtremeValues() {}

  static long whole(RandomGenerator random) {
    return WHOLE[random.nextInt(WHOLE.length)];
  }

  static double real(RandomGenerator random) {
    return REAL[random.nextInt(REAL.length)];
  }

  static String name(RandomGenerator random) {
    return random.nextInt(20) == 0
        ? "n".repeat(random.nextInt(20_000))
        : NAMES.get(random.nextInt(NAMES.size()));
  }

  static <T> T of(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
