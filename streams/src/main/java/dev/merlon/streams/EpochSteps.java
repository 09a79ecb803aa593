package dev.merlon.streams;

/**
 * A run of consecutive steps of one epoch, in one attempt.
 *
 * @param run name of the run
 * @param attempt how often the run has been taken up in this process, counted from 1
 * @param epoch counted from 0
 * @param stepsPerEpoch at least 1
 * @param first step of the epoch that comes first; equal to {@code stepsPerEpoch} for no steps
 */
public record EpochSteps(String run, int attempt, int epoch, int stepsPerEpoch, int first) {

  /** Rejects steps outside the epoch. */
  public EpochSteps {
    if (epoch < 0 || stepsPerEpoch < 1 || first < 0 || first > stepsPerEpoch) {
      throw new IllegalArgumentException(
          "no steps from " + first + " on in epoch " + epoch + " of " + stepsPerEpoch + " steps");
    }
  }

  /** The context of one step of the epoch. */
  StepContext at(int step) {
    return new StepContext(run, epoch, step, (long) epoch * stepsPerEpoch + step, attempt);
  }
}
