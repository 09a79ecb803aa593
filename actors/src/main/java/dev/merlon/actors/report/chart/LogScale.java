package dev.merlon.actors.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale of equal ratios.
 *
 * @param low value at the start, above 0
 * @param high value at the end, above {@code low}
 */
record LogScale(double low, double high) implements Scale {
  private static final int MOST_TICKS = 7;

  /** A scale around positive values that begins and ends at a power of ten, or at a half of one. */
  static LogScale around(double lowest, double highest) {
    return new LogScale(floor(lowest), Math.max(ceiling(highest), 10 * floor(lowest)));
  }

  @Override
  public double at(double value) {
    return Math.log(Math.max(value, low) / low) / Math.log(high / low);
  }

  @Override
  public List<Double> ticks() {
    int first = (int) Math.ceil(Math.log10(low) - 1e-9);
    int last = (int) Math.floor(Math.log10(high) + 1e-9);
    int stride = (last - first) / MOST_TICKS + 1;
    List<Double> ticks = new ArrayList<>();
    for (int power = first; power <= last; power += stride) {
      ticks.add(Math.pow(10, power));
    }
    return ticks;
  }

  @Override
  public String label(double tick) {
    if (tick >= 1e-3 && tick < 1e5) {
      return tick >= 1
          ? String.format(Locale.ROOT, "%,.0f", tick)
          : Canvas.number(tick).equals("0") ? "0.001" : Canvas.number(tick);
    }
    return String.format(Locale.ROOT, "1e%d", Math.round(Math.log10(tick)));
  }

  private static double floor(double value) {
    return Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
  }

  private static double ceiling(double value) {
    return Math.pow(10, Math.ceil(Math.log10(value) - 1e-9));
  }
}
