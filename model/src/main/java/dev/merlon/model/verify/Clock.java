package dev.merlon.model.verify;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time that queries have.
 *
 * @param timeoutNanos for one query
 * @param nanoTime such as {@link System#nanoTime}
 * @param stop whether the work is to be given back
 */
record Clock(long timeoutNanos, LongSupplier nanoTime, BooleanSupplier stop) {

  /** The time that is left to a query from now on. */
  Deadline deadline(OpenQuery query) {
    return new Deadline(
        nanoTime, nanoTime.getAsLong(), Math.max(0, timeoutNanos - query.spentNanos()));
  }

  /** Whether all of a query's time is spent. */
  boolean spent(OpenQuery query) {
    return query.spentNanos() >= timeoutNanos;
  }

  /**
   * When time is up.
   *
   * @param start reading of the clock
   * @param nanos time from then on
   */
  record Deadline(LongSupplier nanoTime, long start, long nanos) {
    /** Time left, negative when it is up. */
    long left() {
      return nanos - (nanoTime.getAsLong() - start);
    }

    /** Share of the time that is spent. */
    double share() {
      return nanos == 0 ? 1 : 1 - (double) left() / nanos;
    }

    boolean expired() {
      return left() <= 0;
    }
  }
}
