package dev.merlon.config.value;

import java.util.Locale;

/**
 * How the constants of an enum are written in configuration: lower case, words joined by dashes.
 */
public final class Words {
  private Words() {}

  /** The constant in words, such as {@code crown-ibp}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
