package dev.merlon.actors.report.chart;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is drawn in which colour, on light and on dark ground. The hues follow Okabe and Ito's
 * palette, which people with the common kinds of colour blindness can tell apart; those from the
 * seventh on need a {@link Dash} and a {@link Marker} for that.
 */
public enum Ink {
  /** The ground. */
  SURFACE("#ffffff", "#14181f"),
  /** Titles and numbers. */
  TEXT("#1c2430", "#e6eaf0"),
  /** Axis labels and other small print. */
  MUTED("#5b6675", "#9aa5b4"),
  /** Grid lines. */
  GRID("#e3e7ed", "#2b323d"),
  /** Text on a filled shape. */
  ON_FILL("#ffffff", "#0e1218"),
  /** First series. */
  BLUE("#0b6bb5", "#5fb0f0"),
  /** Second series. */
  ORANGE("#cc8400", "#f0b13c"),
  /** Third series. */
  GREEN("#008767", "#3ec8a0"),
  /** Fourth series. */
  PURPLE("#a9508a", "#e092c4"),
  /** Fifth series. */
  SKY("#4a99cf", "#9fd3f5"),
  /** What is inactive, and the sixth series. */
  GREY("#868e99", "#8d96a3"),
  /** Seventh series. */
  RED("#c2272d", "#ff7b7b"),
  /** Eighth series. */
  BROWN("#7a4a1e", "#b98a5e"),
  /** Ninth series. */
  OLIVE("#6f8500", "#b6cf3a"),
  /** Tenth series. */
  VIOLET("#6a3fb5", "#a98bf5"),
  /** Eleventh series. */
  TEAL("#00727d", "#1fa8b8"),
  /** Twelfth series. */
  PINK("#f0468c", "#ff4f9a"),
  /** What a reader must not miss: a bound below zero, a refuted image. */
  ALERT("#cc4410", "#ff8255");

  private final String light;
  private final String dark;

  Ink(String light, String dark) {
    this.light = light;
    this.dark = dark;
  }

  /** The colour on light ground, such as {@code #ffffff}. */
  public String light() {
    return light;
  }

  /** The colour on dark ground, such as {@code #14181f}. */
  public String dark() {
    return dark;
  }

  /** The name of the style sheet's variable that holds the colour of the reader's theme. */
  public String variable() {
    return "--ink-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The declarations of all variables for light ground. */
  public static String lightVariables() {
    return variables(ink -> ink.light);
  }

  /** The declarations of all variables for dark ground. */
  public static String darkVariables() {
    return variables(ink -> ink.dark);
  }

  private static String variables(Function<Ink, String> colour) {
    return Arrays.stream(values())
        .map(ink -> ink.variable() + ":" + colour.apply(ink))
        .collect(Collectors.joining(";"));
  }
}
