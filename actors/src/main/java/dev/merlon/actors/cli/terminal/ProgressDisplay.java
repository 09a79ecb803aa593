package dev.merlon.actors.cli.terminal;

/**
 * Shows how far long work has come: done and total, rate, time left and a note. Thread-safe; closed
 * when the work ends.
 */
public interface ProgressDisplay extends AutoCloseable {

  /**
   * A display for this console: a bar on a terminal, a plain line now and then elsewhere.
   *
   * @param task one word, such as {@code Training}
   * @param unit what is counted, such as {@code steps}
   * @param done how much was done before this process began
   * @param total how much there is to do
   */
  static ProgressDisplay on(Console console, String task, String unit, long done, long total) {
    return console.errIsTerminal()
        ? new ProgressLine(console, task, unit, done, total)
        : new ProgressLog(console, task, unit, done, total, System::nanoTime);
  }

  /**
   * The work has come so far.
   *
   * @param note what else is worth knowing, in a few words
   */
  void at(long done, String note);

  /** Writes a line of talk that stays, without disturbing the display. */
  void say(String line);

  @Override
  void close();
}
