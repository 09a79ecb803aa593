package dev.merlon.actors.training;

import dev.merlon.config.CheckpointSettings;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the state of a run is copied into memory: often enough to replay little after a failure, for
 * every checkpoint that is due, and after the last step of each epoch. Used by one actor.
 */
final class SnapshotCadence {
  private final int snapshotSteps;
  private final CheckpointSettings checkpoints;
  private final int stepsPerEpoch;
  private final LongSupplier nanoTime;
  private long last;

  /**
   * A cadence that begins now.
   *
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  SnapshotCadence(
      int snapshotSteps, CheckpointSettings checkpoints, int stepsPerEpoch, LongSupplier nanoTime) {
    this.snapshotSteps = snapshotSteps;
    this.checkpoints = checkpoints;
    this.stepsPerEpoch = stepsPerEpoch;
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** Whether to copy the state after so many updates of the run; if so, the clock starts anew. */
  boolean isDue(long updates) {
    boolean due =
        updates % snapshotSteps == 0
            || updates % stepsPerEpoch == 0
            || isMultiple(updates, checkpoints.everySteps())
            || isOver(checkpoints.every());
    if (due) {
      last = nanoTime.getAsLong();
    }
    return due;
  }

  private boolean isOver(Duration every) {
    return !every.isZero() && nanoTime.getAsLong() - last >= every.toNanos();
  }

  private static boolean isMultiple(long updates, int steps) {
    return steps > 0 && updates % steps == 0;
  }
}
