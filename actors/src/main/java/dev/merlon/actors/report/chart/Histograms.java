package dev.merlon.actors.report.chart;

import dev.merlon.actors.report.chart.Canvas.Anchor;
import dev.merlon.actors.report.chart.Canvas.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Distributions of signed values below each other on one axis, each with its mean; 0 is marked. The
 * axis ends where all but a few of the values lie; what is beyond is in the last bin and said.
 *
 * @param xName what the values are
 * @param rows at least one
 */
public record Histograms(String name, String title, String xName, List<Row> rows)
    implements Figure {
  private static final double TOP = 34;
  private static final double BARS = 46;
  private static final double PITCH = 66;
  private static final double BOTTOM = 38;
  private static final double RIGHT = 14;
  private static final double SMALL = 11;
  // Bold letters of 12 are about as wide as usual ones of 13.5.
  private static final double BOLD = 13.5;
  // About so many.
  private static final int BINS = 60;
  private static final double SHOWN = 0.98;

  /** Copies the list. */
  public Histograms {
    rows = List.copyOf(rows);
  }

  /**
   * One distribution.
   *
   * @param values at least one
   */
  public record Row(String label, Ink ink, List<Double> values) {
    /** Copies the list. */
    public Row {
      values = List.copyOf(values);
    }

    double mean() {
      return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
  }

  @Override
  public String svg(Theme theme) {
    double height = TOP + rows.size() * PITCH + BOTTOM;
    Canvas canvas = new Canvas(theme, Plot.WIDTH, height, title);
    Plot.title(canvas, title);
    double left =
        16 + rows.stream().mapToDouble(row -> TextWidth.of(row.label(), BOLD)).max().orElse(0);
    Axis axis = new Axis(scale(), left, Plot.WIDTH - RIGHT);
    double bottom = TOP + rows.size() * PITCH;
    for (double tick : axis.scale().ticks()) {
      canvas.line(axis.x(tick), TOP, axis.x(tick), bottom, Ink.GRID, 1);
      canvas.text(
          axis.x(tick),
          bottom + 16,
          axis.scale().label(tick),
          TextStyle.of(Ink.MUTED, SMALL, Anchor.MIDDLE));
    }
    canvas.line(axis.x(0), TOP, axis.x(0), bottom, Ink.MUTED, 1.2);
    for (int i = 0; i < rows.size(); i++) {
      row(canvas, rows.get(i), axis, TOP + i * PITCH);
    }
    canvas.text(
        (left + axis.right()) / 2,
        height - 6,
        xName,
        TextStyle.of(Ink.MUTED, SMALL, Anchor.MIDDLE));
    return canvas.markup();
  }

  /** The common axis on the canvas. */
  private record Axis(LinearScale scale, double left, double right) {
    double x(double value) {
      return left + scale.at(value) * (right - left);
    }

    // A whole number of bins between two ticks, so that one of them begins at 0.
    double width() {
      double range = scale.high() - scale.low();
      return scale.step() / Math.max(1, Math.round(BINS * scale.step() / range));
    }

    int bins() {
      return (int) Math.round((scale.high() - scale.low()) / width());
    }

    int bin(double value) {
      int bin = (int) Math.floor((value - scale.low()) / width());
      return Math.min(bins() - 1, Math.max(0, bin));
    }
  }

  private LinearScale scale() {
    List<Double> all = new ArrayList<>();
    rows.forEach(row -> all.addAll(row.values()));
    Collections.sort(all);
    int beyond = (int) ((1 - SHOWN) / 2 * all.size());
    double low = Math.min(0, all.get(beyond));
    double high = Math.max(0, all.get(all.size() - 1 - beyond));
    return LinearScale.around(low, high, 6, LinearScale.Unit.NUMBER);
  }

  private void row(Canvas canvas, Row row, Axis axis, double top) {
    double base = top + PITCH - 8;
    int[] counts = new int[axis.bins()];
    row.values().forEach(value -> counts[axis.bin(value)]++);
    double most = Arrays.stream(counts).max().orElse(1);
    double width = axis.width();
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        double from = axis.scale().low() + bin * width;
        double height = Math.max(1, BARS * counts[bin] / most);
        canvas.rectangle(
            axis.x(from),
            base - height,
            axis.x(from + width) - axis.x(from),
            height,
            row.ink(),
            1,
            String.format(Locale.ROOT, "%.2f to %.2f: %,d", from, from + width, counts[bin]));
      }
    }
    canvas.line(axis.left(), base, axis.right(), base, Ink.GRID, 1);
    canvas.text(
        axis.left() - 8, base - 4, row.label(), new TextStyle(Ink.TEXT, 12, Anchor.END, true));
    canvas.text(
        axis.left() - 8,
        base - 20,
        String.format(Locale.ROOT, "%+.2f", row.mean()),
        TextStyle.of(Ink.MUTED, SMALL, Anchor.END));
    beyond(canvas, row, axis, top);
  }

  private static void beyond(Canvas canvas, Row row, Axis axis, double top) {
    long below = row.values().stream().filter(v -> v < axis.scale().low()).count();
    long above = row.values().stream().filter(v -> v > axis.scale().high()).count();
    if (below > 0) {
      canvas.text(
          axis.left() + 2, top + 20, "\u2190 " + below, TextStyle.of(Ink.MUTED, 10, Anchor.START));
    }
    if (above > 0) {
      canvas.text(
          axis.right() - 2, top + 20, above + " \u2192", TextStyle.of(Ink.MUTED, 10, Anchor.END));
    }
  }
}
