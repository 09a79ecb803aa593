package dev.merlon.actors.report.chart;

/** Where a figure is going to be seen. */
public enum Theme {
  /** Inside a page whose style sheet has the variables of {@link Ink}. */
  PAGE,
  /** In a file of its own, on light ground. */
  FILE;

  String paint(Ink ink) {
    return switch (this) {
      case PAGE -> "var(" + ink.variable() + ")";
      case FILE -> ink.light();
    };
  }
}
