package dev.merlon.actors.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An even scale whose ticks are round numbers.
 *
 * @param low value at the start
 * @param high value at the end, above {@code low}
 * @param step between two ticks
 * @param unit how values are written
 */
record LinearScale(double low, double high, double step, Unit unit) implements Scale {
  private static final double[] ROUND = {1, 2, 2.5, 5, 10};

  /** How values are written. */
  enum Unit {
    NUMBER,
    PERCENT
  }

  /** A scale of exactly this range. */
  static LinearScale exactly(double low, double high, int ticks, double smallestStep, Unit unit) {
    double range = high > low ? high - low : 1;
    return new LinearScale(
        low, low + range, Math.max(smallestStep, roundStep(range / ticks)), unit);
  }

  /** A scale around these values that begins and ends at a tick. */
  static LinearScale around(double lowest, double highest, int ticks, Unit unit) {
    double spread = highest > lowest ? highest - lowest : Math.max(Math.abs(highest), 1e-3) * 0.2;
    double bottom = highest > lowest ? lowest : lowest - spread / 2;
    double top = highest > lowest ? highest : highest + spread / 2;
    double step = roundStep(spread / ticks);
    return new LinearScale(
        step * Math.floor(bottom / step + 1e-9), step * Math.ceil(top / step - 1e-9), step, unit);
  }

  @Override
  public double at(double value) {
    return (value - low) / (high - low);
  }

  @Override
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    double slack = step * 1e-6;
    for (double i = Math.ceil((low - slack) / step); i * step <= high + slack; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  @Override
  public String label(double tick) {
    boolean percent = unit == Unit.PERCENT;
    double shown = percent ? tick * 100 : tick;
    double shownStep = percent ? step * 100 : step;
    if (Math.abs(shown) < shownStep * 1e-6) {
      return percent ? "0%" : "0";
    }
    if (shownStep < 1e-3 || shownStep >= 1e5) {
      return scientific(shown);
    }
    int decimals = Math.max(0, (int) Math.ceil(-Math.log10(shownStep) - 1e-9));
    boolean half = shownStep * Math.pow(10, decimals) % 1 > 1e-6;
    String text =
        String.format(Locale.ROOT, "%,." + (decimals + (half ? 1 : 0)) + "f", shown + 0.0);
    return percent ? text + "%" : text;
  }

  private static String scientific(double value) {
    return String.format(Locale.ROOT, "%.1e", value)
        .replaceFirst("\\.0e", "e")
        .replaceFirst("e([+-])0", "e$1")
        .replace("e+", "e");
  }

  private static double roundStep(double wanted) {
    double decade = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double round : ROUND) {
      if (round * decade >= wanted * (1 - 1e-9)) {
        return round * decade;
      }
    }
    return 10 * decade;
  }
}
