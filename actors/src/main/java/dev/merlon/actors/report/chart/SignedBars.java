package dev.merlon.actors.report.chart;

import dev.merlon.actors.report.chart.Canvas.Anchor;
import dev.merlon.actors.report.chart.Canvas.TextStyle;
import java.util.List;
import java.util.Locale;

/**
 * One bar per class, those below zero in the alert's colour and with their value.
 *
 * @param xName what a bar is
 * @param bars at least one
 */
public record SignedBars(String name, String title, String xName, List<Bar> bars)
    implements Figure {
  private static final int MOST_MARKS = 20;
  private static final int MOST_VALUES = 12;

  /** Copies the list. */
  public SignedBars {
    bars = List.copyOf(bars);
  }

  /** A bar. */
  public record Bar(String label, double value) {}

  @Override
  public String svg(Theme theme) {
    double low = bars.stream().mapToDouble(Bar::value).min().orElse(0);
    double high = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    Scale y = LinearScale.around(Math.min(low, 0), Math.max(high, 0), 4, LinearScale.Unit.NUMBER);
    Scale places = new LinearScale(0, bars.size(), 2.0 * bars.size(), LinearScale.Unit.NUMBER);
    Plot plot = new Plot(theme, title, List.of(), new Unmarked(places), y, xName);
    for (int i = 0; i < bars.size(); i++) {
      draw(plot, i);
    }
    plot.canvas().line(plot.left(), plot.y(0), plot.right(), plot.y(0), Ink.MUTED, 1.2);
    return plot.canvas().markup();
  }

  private void draw(Plot plot, int i) {
    Bar bar = bars.get(i);
    boolean negative = bar.value() <= 0;
    Ink ink = negative ? Ink.ALERT : Ink.BLUE;
    double left = plot.x(i + 0.16);
    double right = plot.x(i + 0.84);
    double top = Math.min(plot.y(bar.value()), plot.y(0));
    double height = Math.max(1, Math.abs(plot.y(bar.value()) - plot.y(0)));
    String value = String.format(Locale.ROOT, "%.2f", bar.value());
    plot.canvas().rectangle(left, top, right - left, height, ink, 1, bar.label() + ": " + value);
    if (negative && bars.size() <= MOST_VALUES) {
      plot.canvas()
          .text(
              (left + right) / 2,
              plot.y(0) - 4,
              value,
              new TextStyle(Ink.ALERT, 11, Anchor.MIDDLE, true));
    }
    int stride = (bars.size() - 1) / MOST_MARKS + 1;
    if (i % stride == 0) {
      plot.mark((left + right) / 2, bar.label());
    }
  }

  /** A scale without ticks. */
  private record Unmarked(Scale scale) implements Scale {
    @Override
    public double at(double value) {
      return scale.at(value);
    }

    @Override
    public List<Double> ticks() {
      return List.of();
    }

    @Override
    public String label(double tick) {
      return "";
    }
  }
}
