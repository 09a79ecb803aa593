package dev.merlon.config.value;

import dev.merlon.config.failure.DidYouMean;
import java.util.List;

/** Range checks of settings; each failure is one line that names the key and its value. */
public final class Check {
  private Check() {}

  /** Refuses a whole number below {@code minimum}. */
  public static void atLeast(String key, long value, long minimum) {
    require(value >= minimum, key, "is " + value + ": must be at least " + minimum);
  }

  /** Refuses a number below {@code minimum}, or one that is not finite. */
  public static void atLeast(String key, double value, double minimum) {
    require(
        Double.isFinite(value) && value >= minimum,
        key,
        "is " + Decimals.text(value) + ": must be at least " + Decimals.text(minimum));
  }

  /** Refuses 0, what is below it, and what is not finite. */
  public static void positive(String key, double value) {
    require(
        Double.isFinite(value) && value > 0,
        key,
        "is " + Decimals.text(value) + ": must be above 0");
  }

  /** Both ends belong to the range. */
  public static void within(String key, long value, long minimum, long maximum) {
    require(
        value >= minimum && value <= maximum,
        key,
        "is " + value + ": must lie between " + minimum + " and " + maximum);
  }

  /** Both ends belong to the range. */
  public static void within(String key, double value, double minimum, double maximum) {
    require(
        value >= minimum && value <= maximum,
        key,
        "is "
            + Decimals.text(value)
            + ": must lie between "
            + Decimals.text(minimum)
            + " and "
            + Decimals.text(maximum));
  }

  /** Refuses what is none of {@code known}, and names the one that may be meant. */
  public static <T> void oneOf(String key, T value, List<T> known) {
    require(known.contains(value), key, "is " + value + DidYouMean.among(value.toString(), known));
  }

  /** Refuses a value unless {@code holds}; the problem goes on after the key. */
  public static void require(boolean holds, String key, String problem) {
    if (!holds) {
      throw new InvalidSetting(key, problem);
    }
  }
}
