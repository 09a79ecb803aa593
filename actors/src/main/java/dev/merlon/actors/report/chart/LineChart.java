package dev.merlon.actors.report.chart;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Lines over epochs.
 *
 * @param unit what the values are
 * @param series at least one of them has points
 */
public record LineChart(String name, String title, Unit unit, List<Series> series)
    implements Figure {
  private static final int MOST_DOTS = 60;
  private static final int MARKERS_OF_A_LONG_LINE = 10;
  private static final int Y_TICKS = 5;
  private static final int X_TICKS = 7;

  /** Copies the list. */
  public LineChart {
    series = List.copyOf(series);
  }

  /** What values are and how their axis is divided. */
  public enum Unit {
    /** Plain numbers on an even axis. */
    NUMBER,
    /** Shares of 1, written as percentages. */
    SHARE,
    /** Positive numbers on an axis of equal ratios. */
    RATIO
  }

  /**
   * A point of a line.
   *
   * @param x epochs done
   */
  public record Point(double x, double y) {}

  /** A line and the shape of its points. */
  public record Series(String name, Ink ink, Dash dash, Marker marker, List<Point> points) {
    /** Copies the list. */
    public Series {
      points = List.copyOf(points);
    }

    /** A line with dots. */
    public Series(String name, Ink ink, Dash dash, List<Point> points) {
      this(name, ink, dash, Marker.DOT, points);
    }

    // A long line has a few marks of its own shape, or none where dots would be noise.
    private List<Point> marked() {
      if (points.size() <= MOST_DOTS) {
        return points;
      }
      int every = points.size() / MARKERS_OF_A_LONG_LINE;
      return marker == Marker.DOT
          ? List.of()
          : IntStream.range(0, points.size())
              .filter(i -> i % every == every / 2)
              .mapToObj(points::get)
              .toList();
    }
  }

  /** A picture of a piece of a line with one point, for a page. */
  public static String key(Ink ink, Dash dash, Marker marker) {
    return Legend.key(ink, dash, marker);
  }

  /** Whether there is anything to draw. */
  public boolean drawable() {
    return series.stream().anyMatch(line -> !line.points().isEmpty());
  }

  @Override
  public String svg(Theme theme) {
    List<Series> drawn = series.stream().filter(line -> !line.points().isEmpty()).toList();
    List<Legend.Entry> meanings =
        drawn.stream()
            .filter(line -> drawn.size() > 1 || series.size() > 1)
            .map(line -> Legend.Entry.line(line.name(), line.ink(), line.dash(), line.marker()))
            .toList();
    Plot plot = new Plot(theme, title, meanings, xScale(), yScale(), "epoch");
    for (Series line : drawn) {
      draw(plot, line);
    }
    return plot.canvas().markup();
  }

  private void draw(Plot plot, Series line) {
    Path path = new Path();
    line.points().forEach(point -> path.to(plot.x(point.x()), plot.y(point.y())));
    plot.canvas().stroke(path, line.ink(), 2, line.dash());
    for (Point point : line.marked()) {
      Path.Place at = new Path.Place(plot.x(point.x()), plot.y(point.y()));
      line.marker().draw(plot.canvas(), at, 2.4, line.ink(), tip(line, point));
    }
  }

  private String tip(Series line, Point point) {
    String value =
        unit == Unit.SHARE
            ? String.format(Locale.ROOT, "%.2f%%", 100 * point.y())
            : String.format(Locale.ROOT, "%.4g", point.y());
    return line.name() + ", epoch " + Canvas.number(point.x()) + ": " + value;
  }

  private Scale xScale() {
    return LinearScale.exactly(
        lowest(Point::x), highest(Point::x), X_TICKS, 1, LinearScale.Unit.NUMBER);
  }

  private Scale yScale() {
    double low = lowest(Point::y);
    double high = highest(Point::y);
    return switch (unit) {
      case NUMBER ->
          LinearScale.around(
              low > 0 && low < high / 2 ? 0 : low, high, Y_TICKS, LinearScale.Unit.NUMBER);
      case SHARE -> LinearScale.around(low, high, Y_TICKS, LinearScale.Unit.PERCENT);
      case RATIO -> LogScale.around(low, high);
    };
  }

  private double lowest(ToDoubleFunction<Point> of) {
    return series.stream().flatMap(s -> s.points().stream()).mapToDouble(of).min().orElse(0);
  }

  private double highest(ToDoubleFunction<Point> of) {
    return series.stream().flatMap(s -> s.points().stream()).mapToDouble(of).max().orElse(1);
  }
}
