package dev.merlon.actors.report.chart;

import java.util.List;

/** Maps values to the unit interval, and knows which of them to write at an axis. */
interface Scale {
  /** Where a value lies: 0 at the axis' start, 1 at its end. */
  double at(double value);

  /** The values that are written. */
  List<Double> ticks();

  /** A tick as text. */
  String label(double tick);
}
