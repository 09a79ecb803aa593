package dev.merlon.actors.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Progress where there is no terminal: one plain line per interval, and one at the end. */
final class ProgressLog implements ProgressDisplay {
  static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Console console;
  private final String task;
  private final String unit;
  private final long before;
  private final long total;
  private final LongSupplier nanoTime;
  private final long start;
  private long lastLine;
  private long done;
  private long shown = -1;
  private String note = "";

  ProgressLog(
      Console console, String task, String unit, long before, long total, LongSupplier nanoTime) {
    this.console = console;
    this.task = task;
    this.unit = unit;
    this.before = before;
    this.total = total;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.lastLine = start;
    this.done = before;
  }

  @Override
  public synchronized void at(long newDone, String newNote) {
    done = newDone;
    note = newNote;
    if (nanoTime.getAsLong() - lastLine >= INTERVAL.toNanos()) {
      show();
    }
  }

  @Override
  public synchronized void say(String line) {
    console.say(line);
  }

  @Override
  public synchronized void close() {
    if (done > before && shown != done) {
      show();
    }
  }

  private void show() {
    lastLine = nanoTime.getAsLong();
    shown = done;
    Pace pace = new Pace(before, done, total, Duration.ofNanos(lastLine - start));
    console.say(
        String.format(
            Locale.ROOT,
            "%s %s (%d%%)%s%s",
            task,
            pace.count(unit),
            pace.percent(),
            part(pace.speed()),
            part(note)));
  }

  private static String part(String text) {
    return text.isEmpty() ? "" : ", " + text;
  }
}
