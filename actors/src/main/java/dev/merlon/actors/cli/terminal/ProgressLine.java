package dev.merlon.actors.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;

/** Progress on a terminal: a bar in its last line, drawn anew several times a second. */
final class ProgressLine implements ProgressDisplay {
  private static final int REDRAW_MILLIS = 200;

  private final Console console;
  private final ProgressBar bar;
  private String drawn = "";
  private boolean closed;

  ProgressLine(Console console, String task, String unit, long done, long total) {
    this.console = console;
    this.bar =
        ProgressBar.builder()
            .setTaskName(task)
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setRenderer(new BarRenderer(unit, unicode()))
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, console.width() - 1))
            .build();
  }

  @Override
  public void at(long done, String note) {
    bar.setExtraMessage(note);
    bar.stepTo(done);
  }

  @Override
  public synchronized void say(String line) {
    console.err().print("\r" + " ".repeat(drawn.length()) + "\r");
    console.err().println(line);
    console.err().print(closed ? "" : drawn);
    console.err().flush();
  }

  @Override
  public void close() {
    bar.close();
    synchronized (this) {
      if (!closed) {
        closed = true;
        console.err().println();
      }
    }
  }

  private synchronized void draw(String line) {
    if (!closed) {
      String rest = " ".repeat(Math.max(0, drawn.length() - line.length()));
      console.err().print("\r" + line + rest);
      console.err().flush();
      drawn = line;
    }
  }

  private static boolean unicode() {
    return System.getProperty("native.encoding", "").toUpperCase(Locale.ROOT).startsWith("UTF");
  }
}
