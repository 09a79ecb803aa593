package dev.merlon.model.optimize;

import dev.merlon.config.RunSettings;

/**
 * All schedules of a run: a pure function from the step to its phase.
 *
 * @param settings of the run
 * @param stepsPerEpoch at least 1
 * @param radius the training radius
 * @param rate the learning rate
 */
public record Schedules(
    RunSettings settings, int stepsPerEpoch, EpsSchedule radius, RateSchedule rate) {

  /** The schedules of a run with so many steps an epoch. */
  public static Schedules of(RunSettings settings, int stepsPerEpoch) {
    var schedule = settings.schedule();
    long start = Math.round(schedule.startEpoch() * stepsPerEpoch);
    long end = Math.round(schedule.endEpoch() * stepsPerEpoch);
    return new Schedules(
        settings,
        stepsPerEpoch,
        new EpsSchedule(schedule.ramp(), schedule.epsTrain().value(), start, end),
        RateSchedule.of(settings.optimizer().learningRate(), stepsPerEpoch, settings.epochs()));
  }

  /** Steps of the whole run. */
  public long totalSteps() {
    return (long) settings.epochs() * stepsPerEpoch;
  }

  /** The phase of a step, counted from 0 over the whole run. */
  public Phase phase(long globalStep) {
    int epoch = Math.toIntExact(globalStep / stepsPerEpoch);
    int step = Math.toIntExact(globalStep % stepsPerEpoch);
    double eps = radius.at(globalStep);
    double epsFinal = settings.schedule().epsTrain().value();
    double grown = epsFinal > 0 ? eps / epsFinal : 1;
    return new Phase(
        epoch,
        step,
        globalStep,
        eps,
        epsFinal,
        radius.isRamping(globalStep),
        epoch < settings.schedule().naturalEpochs(),
        settings.objective().robustWeight().at((double) globalStep / stepsPerEpoch, grown),
        rate.at(globalStep));
  }
}
