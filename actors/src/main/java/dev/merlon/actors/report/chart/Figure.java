package dev.merlon.actors.report.chart;

/** A figure that can be drawn. */
public sealed interface Figure
    permits LineChart, ShareAreas, SignedBars, ShareBars, HeatMap, Histograms {

  /** A word for its files: lower-case letters, digits, dots and dashes. */
  String name();

  /** The figure as an SVG element. */
  String svg(Theme theme);
}
