package dev.merlon.actors.report.chart;

import dev.merlon.actors.report.chart.Canvas.Anchor;
import dev.merlon.actors.report.chart.Canvas.TextStyle;
import java.util.Arrays;
import java.util.Locale;

/**
 * How often a class (row) is taken for another (column): the diagonal blue, the rest in the alert's
 * colour, darker where it is a larger share of the row.
 *
 * @param counts square, {@code counts[row][column]}, not negative
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn, never compared.
public record HeatMap(String name, String title, long[][] counts) implements Figure {
  private static final double TOP = 44;
  private static final double LEFT = 34;
  private static final int MOST_NUMBERS = 12;
  private static final double GROUND = 0.55;

  /** Copies the counts. */
  public HeatMap {
    counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  @Override
  public String svg(Theme theme) {
    int classes = counts.length;
    double cell = (Plot.WIDTH - LEFT - 4) / classes;
    Canvas canvas = new Canvas(theme, Plot.WIDTH, TOP + classes * cell + 4, title);
    Plot.title(canvas, title);
    if (classes > MOST_NUMBERS) {
      canvas.rectangle(LEFT, TOP, classes * cell, classes * cell, Ink.GRID, GROUND);
    }
    int stride = (classes - 1) / 20 + 1;
    for (int row = 0; row < classes; row++) {
      double middle = TOP + (row + 0.5) * cell;
      if (row % stride == 0) {
        String number = Integer.toString(row);
        canvas.text(LEFT - 7, middle + 4, number, TextStyle.of(Ink.MUTED, 11, Anchor.END));
        canvas.text(
            LEFT + (row + 0.5) * cell, TOP - 7, number, TextStyle.of(Ink.MUTED, 11, Anchor.MIDDLE));
      }
      row(canvas, row, cell);
    }
    return canvas.markup();
  }

  private void row(Canvas canvas, int row, double cell) {
    double sum = Math.max(1, Arrays.stream(counts[row]).sum());
    double gap = counts.length <= MOST_NUMBERS ? 1 : 0;
    for (int column = 0; column < counts.length; column++) {
      double x = LEFT + column * cell;
      double y = TOP + row * cell;
      if (gap > 0) {
        canvas.rectangle(x, y, cell - gap, cell - gap, Ink.GRID, GROUND);
      }
      if (counts[row][column] > 0) {
        cell(canvas, new Cell(row, column, counts[row][column] / sum), x, y, cell - gap);
      }
    }
  }

  /** A class taken for another, in this share of its images. */
  private record Cell(int row, int column, double share) {
    boolean right() {
      return row == column;
    }

    double opacity() {
      return right() ? 0.15 + 0.85 * share : Math.min(1, 0.12 + 8 * share);
    }
  }

  private void cell(Canvas canvas, Cell cell, double x, double y, double side) {
    Ink ink = cell.right() ? Ink.BLUE : Ink.ALERT;
    if (counts.length > MOST_NUMBERS) {
      canvas.rectangle(x, y, side, side, ink, cell.opacity());
      return;
    }
    long count = counts[cell.row()][cell.column()];
    String tip =
        String.format(
            Locale.ROOT,
            "%d taken for %d: %,d (%.2f%%)",
            cell.row(),
            cell.column(),
            count,
            100 * cell.share());
    canvas.rectangle(x, y, side, side, ink, cell.opacity(), tip);
    canvas.text(
        x + side / 2,
        y + side / 2 + 4,
        Long.toString(count),
        TextStyle.of(cell.opacity() > 0.6 ? Ink.ON_FILL : Ink.TEXT, 11, Anchor.MIDDLE));
  }
}
