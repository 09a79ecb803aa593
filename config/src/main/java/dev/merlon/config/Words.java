package dev.merlon.config;

import java.util.Locale;

/**
 * How the constants of an enum are written in configuration: lower case, words joined by dashes.
 */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
