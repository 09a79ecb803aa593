package dev.merlon.actors.report.chart;

/** How a line is drawn, so that lines differ without colour too. */
public enum Dash {
  /** Unbroken. */
  SOLID(""),
  /** Long strokes. */
  DASHED("6 3.5"),
  /** Short strokes. */
  DOTTED("1.6 3");

  private final String pattern;

  Dash(String pattern) {
    this.pattern = pattern;
  }

  String pattern() {
    return pattern;
  }
}
