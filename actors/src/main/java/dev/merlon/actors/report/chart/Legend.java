package dev.merlon.actors.report.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the colours of a figure mean, in rows above the drawing. */
final class Legend {
  static final double ROW = 17;
  private static final double SIZE = 11.5;
  private static final double KEY = 18;
  private static final double GAP = 6;
  private static final double BETWEEN = 14;

  private final List<List<Entry>> rows = new ArrayList<>();

  /**
   * One meaning.
   *
   * @param marker the shape of a line's points; empty for an area
   */
  record Entry(String text, Ink ink, Dash dash, Optional<Marker> marker) {
    static Entry line(String text, Ink ink, Dash dash, Marker marker) {
      return new Entry(text, ink, dash, Optional.of(marker));
    }

    static Entry area(String text, Ink ink) {
      return new Entry(text, ink, Dash.SOLID, Optional.empty());
    }

    double width() {
      return KEY + GAP + TextWidth.of(text, SIZE) + BETWEEN;
    }
  }

  /** A legend that fits this width. */
  Legend(List<Entry> entries, double width) {
    double used = width;
    for (Entry entry : entries) {
      if (rows.isEmpty() || used + entry.width() - BETWEEN > width) {
        rows.add(new ArrayList<>());
        used = 0;
      }
      rows.get(rows.size() - 1).add(entry);
      used += entry.width();
    }
  }

  /** The height that it takes. */
  double height() {
    return rows.size() * ROW;
  }

  /** Draws it with its upper left corner here. */
  void draw(Canvas canvas, double left, double top) {
    for (int row = 0; row < rows.size(); row++) {
      double x = left;
      double middle = top + row * ROW + ROW / 2;
      for (Entry entry : rows.get(row)) {
        key(canvas, entry, x, middle);
        canvas.text(
            x + KEY + GAP,
            middle + 4,
            entry.text(),
            Canvas.TextStyle.of(Ink.TEXT, SIZE, Canvas.Anchor.START));
        x += entry.width();
      }
    }
  }

  /** A picture of a line's key alone. */
  static String key(Ink ink, Dash dash, Marker marker) {
    Canvas canvas = new Canvas(Theme.PAGE, KEY + 2, 12, "");
    key(canvas, Entry.line("", ink, dash, marker), 1, 6);
    return canvas.markup();
  }

  private static void key(Canvas canvas, Entry entry, double x, double middle) {
    if (entry.marker().isEmpty()) {
      canvas.rectangle(x + 3, middle - 5.5, 12, 11, entry.ink(), 1);
      return;
    }
    canvas.stroke(new Path().to(x, middle).to(x + KEY, middle), entry.ink(), 2.2, entry.dash());
    Path.Place at = new Path.Place(x + KEY / 2, middle);
    entry.marker().get().draw(canvas, at, 2.8, entry.ink(), entry.text());
  }
}
