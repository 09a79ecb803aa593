package dev.merlon.actors.report.chart;

/** The outline of a shape, point after point. Not thread-safe. */
final class Path {
  /** A point of the picture. */
  record Place(double x, double y) {}

  private final StringBuilder data = new StringBuilder();

  /** Goes to a point: from nowhere at first, along a straight line afterwards. */
  Path to(double x, double y) {
    data.append(data.length() == 0 ? 'M' : 'L')
        .append(Canvas.number(x))
        .append(' ')
        .append(Canvas.number(y));
    return this;
  }

  /** Goes back to the first point. */
  Path close() {
    data.append('Z');
    return this;
  }

  String data() {
    return data.toString();
  }
}
