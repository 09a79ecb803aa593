package dev.merlon.actors.report.chart;

/** The shape of a line's points, so that lines differ without colour too. */
public enum Marker {
  /** A disc. */
  DOT,
  /** A square on its side. */
  SQUARE,
  /** A triangle that stands on its side. */
  TRIANGLE,
  /** A square on its corner. */
  DIAMOND;

  /** Draws it around a place, of about the area of a disc of this radius. */
  void draw(Canvas canvas, Path.Place at, double radius, Ink ink, String tip) {
    double x = at.x();
    double y = at.y();
    double r = radius * 1.15;
    switch (this) {
      case DOT -> canvas.dot(x, y, radius, ink, tip);
      case SQUARE ->
          canvas.fill(
              new Path().to(x - r, y - r).to(x + r, y - r).to(x + r, y + r).to(x - r, y + r),
              ink,
              tip);
      case TRIANGLE ->
          canvas.fill(
              new Path().to(x, y - 1.5 * r).to(x + 1.4 * r, y + r).to(x - 1.4 * r, y + r),
              ink,
              tip);
      case DIAMOND -> {
        double d = 1.6 * r;
        canvas.fill(new Path().to(x, y - d).to(x + d, y).to(x, y + d).to(x - d, y), ink, tip);
      }
    }
  }
}
