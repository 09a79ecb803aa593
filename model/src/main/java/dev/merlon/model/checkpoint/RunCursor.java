package dev.merlon.model.checkpoint;

/**
 * How far a training run has come. An epoch of {@code S} steps passes {@code step} 0 to {@code S};
 * at {@code S} all its steps are done and what closes it (batch-norm statistics, export) is not.
 *
 * @param epoch epochs that are closed
 * @param step steps of the epoch at hand that are done
 * @param globalStep steps of the run that are done
 */
public record RunCursor(int epoch, int step, long globalStep) implements Comparable<RunCursor> {
  /** A run that has done nothing. */
  public static final RunCursor START = new RunCursor(0, 0, 0);

  /** Rejects negative places. */
  public RunCursor {
    if (epoch < 0 || step < 0 || globalStep < step) {
      throw new IllegalArgumentException(
          "no such place: epoch " + epoch + ", step " + step + ", global step " + globalStep);
    }
  }

  /** The place after one more step. */
  public RunCursor afterStep() {
    return new RunCursor(epoch, step + 1, globalStep + 1);
  }

  /** The place once the epoch at hand is closed. */
  public RunCursor afterEpoch() {
    return new RunCursor(epoch + 1, 0, globalStep);
  }

  /** Earlier places first. */
  @Override
  public int compareTo(RunCursor other) {
    int steps = Long.compare(globalStep, other.globalStep);
    return steps != 0 ? steps : Integer.compare(epoch, other.epoch);
  }
}
