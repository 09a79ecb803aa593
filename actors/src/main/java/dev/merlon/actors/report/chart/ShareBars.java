package dev.merlon.actors.report.chart;

import dev.merlon.actors.report.chart.Canvas.Anchor;
import dev.merlon.actors.report.chart.Canvas.TextStyle;
import java.util.List;
import java.util.Locale;

/**
 * Wholes and their parts: one lying bar for each.
 *
 * @param parts what the parts are called, from the left
 * @param bars at least one
 */
public record ShareBars(String name, String title, List<Part> parts, List<Bar> bars)
    implements Figure {
  private static final double BAR = 24;
  private static final double PITCH = 34;
  private static final double TOP = 30;
  private static final double SMALLEST_TEXT = 42;

  /** Copies the lists. */
  public ShareBars {
    parts = List.copyOf(parts);
    bars = List.copyOf(bars);
  }

  /** A part of each whole. */
  public record Part(String name, Ink ink) {}

  /**
   * A whole.
   *
   * @param shares one per part; they add up to 1
   */
  public record Bar(String label, List<Double> shares) {
    /** Copies the list. */
    public Bar {
      shares = List.copyOf(shares);
    }
  }

  @Override
  public String svg(Theme theme) {
    Legend legend =
        new Legend(
            parts.stream().map(part -> Legend.Entry.area(part.name(), part.ink())).toList(),
            Plot.WIDTH - 8);
    double top = TOP + legend.height() + 8;
    Canvas canvas = new Canvas(theme, Plot.WIDTH, top + bars.size() * PITCH, title);
    Plot.title(canvas, title);
    legend.draw(canvas, 2, TOP - 4);
    double left =
        12 + bars.stream().mapToDouble(bar -> TextWidth.of(bar.label(), 12)).max().orElse(0);
    for (int i = 0; i < bars.size(); i++) {
      draw(canvas, bars.get(i), left, top + i * PITCH);
    }
    return canvas.markup();
  }

  private void draw(Canvas canvas, Bar bar, double left, double top) {
    canvas.text(left - 8, top + BAR / 2 + 4, bar.label(), TextStyle.of(Ink.TEXT, 12, Anchor.END));
    double room = Plot.WIDTH - left - 4;
    double x = left;
    for (int i = 0; i < parts.size(); i++) {
      double width = room * bar.shares().get(i);
      if (width > 0) {
        Part part = parts.get(i);
        String share = String.format(Locale.ROOT, "%.1f%%", 100 * bar.shares().get(i));
        canvas.rectangle(x, top, width, BAR, part.ink(), 1, part.name() + ": " + share);
        if (width >= SMALLEST_TEXT) {
          canvas.text(
              x + width / 2,
              top + BAR / 2 + 4,
              share,
              new TextStyle(Ink.ON_FILL, 11, Anchor.MIDDLE, true));
        }
      }
      x += width;
    }
  }
}
