package dev.merlon.actors.training;

import akka.actor.typed.Behavior;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import java.util.function.Function;

/**
 * What a run takes from outside itself.
 *
 * @param images reads or shares the whole training part of a request's source
 * @param worker makes the behaviour of a device worker for a plan
 */
record RunParts(
    Function<TrainingRequest, Dataset> images,
    Function<RunPlan, Behavior<DeviceWorker.Command>> worker) {

  /** Images read anew, and workers with the plan's own learner. */
  static RunParts standard() {
    return new RunParts(
        request -> request.data().read(DataSplit.TRAIN),
        plan -> DeviceWorker.create("cpu", plan::openLearner));
  }
}
