package dev.merlon.model.optimize;

import dev.merlon.config.training.LearningRateSettings;

/**
 * The learning rate over the steps of a run: linear from nothing over the warm-up, then falling as
 * its kind says.
 *
 * @param warmUp steps of the warm-up; step {@code t} below it has the share {@code (t+1)/warmUp} of
 *     the rate
 * @param stepsPerEpoch at least 1
 * @param total steps of the run
 */
public record RateSchedule(
    LearningRateSettings settings, long warmUp, int stepsPerEpoch, long total) {

  /** The schedule of a run with so many steps. */
  public static RateSchedule of(LearningRateSettings settings, int stepsPerEpoch, int epochs) {
    long warmUp = Math.round(settings.warmUpEpochs() * stepsPerEpoch);
    return new RateSchedule(settings, warmUp, stepsPerEpoch, (long) epochs * stepsPerEpoch);
  }

  /** The rate at a step. */
  public double at(long step) {
    double rate =
        switch (settings.kind()) {
          case STEP -> stepwise(step);
          case COSINE -> cosine(step);
        };
    return step < warmUp ? rate * (step + 1) / warmUp : rate;
  }

  private double stepwise(long step) {
    long epoch = step / stepsPerEpoch;
    long decays = settings.decayEpochs().stream().filter(after -> after <= epoch).count();
    return settings.first() * Math.pow(settings.decayFactor(), (double) decays);
  }

  // Full at the warm-up's end; the last rate would be that of the step after the last.
  private double cosine(long step) {
    double done = Math.max(0, step - warmUp) / (double) Math.max(1, total - warmUp);
    double share = (1 + Math.cos(Math.PI * done)) / 2;
    return settings.last() + (settings.first() - settings.last()) * share;
  }
}
