package dev.merlon.actors.cli.terminal;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * Draws {@code Training 30% |###### | 22/72 steps, 1.3/s, 39 s left, note}: the bar takes what the
 * words leave, and the note is cut where the line ends.
 */
final class BarRenderer implements ProgressBarRenderer {
  private static final int NARROWEST_BAR = 10;
  private static final int WIDEST_BAR = 30;

  private final String unit;
  private final char full;
  private final char empty;
  private final String cut;

  BarRenderer(String unit, boolean unicode) {
    this.unit = unit;
    this.full = unicode ? '\u2588' : '#';
    this.empty = unicode ? '\u2591' : '.';
    this.cut = unicode ? "\u2026" : "..";
  }

  @Override
  public String render(ProgressState state, int width) {
    Pace pace =
        new Pace(
            state.getStart(), state.getCurrent(), state.getMax(), state.getElapsedAfterStart());
    String head = String.format(Locale.ROOT, "%s %3d%% ", state.getTaskName(), pace.percent());
    String tail =
        Stream.of(" " + pace.count(unit), pace.speed(), state.getExtraMessage())
            .filter(part -> !part.isBlank())
            .collect(Collectors.joining(", "));
    int room = width - head.length() - tail.length();
    String line = head + bar(pace, Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, room))) + tail;
    return line.length() > width ? line.substring(0, width - cut.length()) + cut : line;
  }

  private String bar(Pace pace, int width) {
    long share = pace.total() > 0 ? width * pace.done() / pace.total() : width;
    int filled = (int) Math.min(width, share);
    return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(width - filled);
  }
}
