package dev.merlon.model.optimize;

/**
 * What the schedules say about one step.
 *
 * @param epoch counted from 0
 * @param step of the epoch, counted from 0
 * @param globalStep of the run, counted from 0
 * @param eps radius of this step
 * @param epsFinal radius after the ramp
 * @param ramping whether the radius is still growing
 * @param natural whether this epoch trains on clean inputs only
 * @param robustWeight {@code w} of {@code (1-w) natural + w robust}
 * @param learningRate of this step
 */
public record Phase(
    int epoch,
    int step,
    long globalStep,
    double eps,
    double epsFinal,
    boolean ramping,
    boolean natural,
    double robustWeight,
    double learningRate) {
  /** The step as people count, for messages: the run's first is step 1, of epoch 1. */
  public String place() {
    return "step " + (globalStep + 1) + " (epoch " + (epoch + 1) + ")";
  }
}
