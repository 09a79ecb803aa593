package dev.merlon.actors.cli.terminal;

import dev.merlon.actors.Amounts;
import java.time.Duration;
import java.util.Locale;

/**
 * How far work has come and how fast it goes, in words.
 *
 * @param before what was done before this process began
 * @param done what is done, {@code before} included
 * @param total what there is to do
 * @param elapsed time since this process began with it
 */
record Pace(long before, long done, long total, Duration elapsed) {

  /** Per cent done, rounded down. */
  long percent() {
    return total > 0 ? 100 * done / total : 100;
  }

  /** Done and total, such as {@code 250/1,100 steps}. */
  String count(String unit) {
    return String.format(Locale.ROOT, "%,d/%,d %s", done, total, unit);
  }

  /** The rate and the time left, such as {@code 10.0/s, 1 min 25 s left}; empty at the start. */
  String speed() {
    double seconds = elapsed.toMillis() / 1e3;
    if (done <= before || seconds <= 0) {
      return "";
    }
    double rate = (done - before) / seconds;
    String speed = String.format(Locale.ROOT, "%.1f/s", rate);
    Duration left = Duration.ofMillis(Math.round((total - done) / rate * 1e3));
    return done < total ? speed + ", " + Amounts.time(left) + " left" : speed;
  }
}
