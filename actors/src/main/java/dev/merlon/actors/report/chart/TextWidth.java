package dev.merlon.actors.report.chart;

/**
 * Widths of text in a usual sans-serif face, without asking for a font: a figure must be drawn
 * where none is installed. Accurate to some tenths of a letter; layouts leave that much room.
 */
final class TextWidth {
  private static final String NARROW = "iljI.,:;|!'()[]{}ft r-";
  private static final String WIDE = "mwMW%@…";

  private TextWidth() {}

  /** The width of a text of this size, in the size's unit. */
  static double of(String text, double size) {
    return size * text.codePoints().mapToDouble(TextWidth::share).sum();
  }

  private static double share(int letter) {
    if (NARROW.indexOf(letter) >= 0) {
      return 0.33;
    }
    if (WIDE.indexOf(letter) >= 0) {
      return 0.86;
    }
    return Character.isUpperCase(letter) ? 0.68 : 0.56;
  }
}
