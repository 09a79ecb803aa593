package dev.merlon.model.data.fetch;

import java.time.Duration;

/**
 * How long and how often a server is asked.
 *
 * @param connect how long a connection may take
 * @param silence how long a server may send nothing
 * @param attempts failures in a row, without a hundredth of the file between them, after which a
 *     mirror is given up
 * @param firstPause the pause after the first failure; it doubles with each, up to 30 s
 */
record Patience(Duration connect, Duration silence, int attempts, Duration firstPause) {
  /** What people get. */
  static final Patience USUAL =
      new Patience(Duration.ofSeconds(20), Duration.ofSeconds(30), 5, Duration.ofSeconds(1));

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** The pause after this many failures in a row. */
  Duration pause(int failures) {
    Duration doubled = firstPause.multipliedBy(1L << Math.min(failures - 1, 16));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
