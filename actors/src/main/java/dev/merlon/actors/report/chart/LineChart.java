package dev.merlon.actors.report.chart;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Lines over epochs.
 *
 * @param unit what the values are
 * @param series at least one of them has points
 */
public record LineChart(String name, String title, Unit unit, List<Series> series)
    implements Figure {
  private static final int MOST_DOTS = 60;
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

  /** A line. */
  public record Series(String name, Ink ink, Dash dash, List<Point> points) {
    /** Copies the list. */
    public Series {
      points = List.copyOf(points);
    }
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
            .map(line -> new Legend.Entry(line.name(), line.ink(), line.dash(), false))
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
    if (line.points().size() <= MOST_DOTS) {
      for (Point point : line.points()) {
        plot.canvas().dot(plot.x(point.x()), plot.y(point.y()), 2.4, line.ink(), tip(line, point));
      }
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
