package dev.merlon.model.verify.ladder;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The time that each query, or all regions of a property together, have.
 *
 * @param timeoutNanos for each
 * @param nanoTime such as {@link System#nanoTime}
 * @param stop whether the work is to be given back
 */
public record Clock(long timeoutNanos, LongSupplier nanoTime, BooleanSupplier stop) {

  /** The time that is left to something from now on. */
  public Deadline deadline(OpenWork work) {
    return new Deadline(
        nanoTime, nanoTime.getAsLong(), Math.max(0, timeoutNanos - work.spentNanos()));
  }

  /** Whether all of its time is spent. */
  boolean spent(OpenWork work) {
    return work.spentNanos() >= timeoutNanos;
  }

  /**
   * When time is up.
   *
   * @param start reading of the clock
   * @param nanos time from then on
   */
  public record Deadline(LongSupplier nanoTime, long start, long nanos) {
    /** Time left, negative when it is up. */
    public long left() {
      return nanos - (nanoTime.getAsLong() - start);
    }

    /** Share of the time that is spent. */
    public double share() {
      return nanos == 0 ? 1 : 1 - (double) left() / nanos;
    }

    /** Whether it is up. */
    public boolean expired() {
      return left() <= 0;
    }
  }
}
