package dev.merlon.actors.report.chart;

import dev.merlon.actors.report.chart.Canvas.Anchor;
import dev.merlon.actors.report.chart.Canvas.TextStyle;
import java.util.List;

/** A drawing with a title, a legend and two axes; values become places of the canvas. */
final class Plot {
  static final double WIDTH = 440;
  private static final double HEIGHT = 272;
  private static final double USUAL_LEGEND = 2 * Legend.ROW;
  private static final double TITLE = 30;
  private static final double BOTTOM = 40;
  private static final double RIGHT = 14;
  private static final double SMALL = 11;

  private final Canvas canvas;
  private final Scale x;
  private final Scale y;
  private final double left;
  private final double top;
  private final double height;

  /**
   * A drawing with its frame.
   *
   * @param xName what the horizontal axis shows; empty for none
   */
  Plot(Theme theme, String title, List<Legend.Entry> meanings, Scale x, Scale y, String xName) {
    Legend legend = new Legend(meanings, WIDTH - 8);
    this.height = HEIGHT + Math.max(0, legend.height() - USUAL_LEGEND);
    this.canvas = new Canvas(theme, WIDTH, height, title);
    this.x = x;
    this.y = y;
    this.left =
        12
            + y.ticks().stream()
                .mapToDouble(tick -> TextWidth.of(y.label(tick), SMALL))
                .max()
                .orElse(0);
    this.top = TITLE + legend.height() + 8;
    title(canvas, title);
    legend.draw(canvas, 2, TITLE - 4);
    grid();
    canvas.text(
        (left + right()) / 2, height - 6, xName, TextStyle.of(Ink.MUTED, SMALL, Anchor.MIDDLE));
  }

  /** Writes a figure's title at its top. */
  static void title(Canvas canvas, String title) {
    canvas.text(2, 17, title, new TextStyle(Ink.TEXT, 14, Anchor.START, true));
  }

  Canvas canvas() {
    return canvas;
  }

  double x(double value) {
    return left + x.at(value) * (right() - left);
  }

  double y(double value) {
    return bottom() - y.at(value) * (bottom() - top);
  }

  double left() {
    return left;
  }

  double right() {
    return WIDTH - RIGHT;
  }

  double bottom() {
    return height - BOTTOM;
  }

  /** Writes below a place of the horizontal axis. */
  void mark(double place, String text) {
    canvas.text(place, bottom() + 16, text, TextStyle.of(Ink.MUTED, SMALL, Anchor.MIDDLE));
  }

  private void grid() {
    for (double tick : y.ticks()) {
      canvas.line(left, y(tick), right(), y(tick), Ink.GRID, 1);
      canvas.text(left - 6, y(tick) + 4, y.label(tick), TextStyle.of(Ink.MUTED, SMALL, Anchor.END));
    }
    for (double tick : x.ticks()) {
      mark(x(tick), x.label(tick));
    }
  }
}
