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
 * @param naturalWorker the same for the worker of the natural branch
 */
record RunParts(
    Function<TrainingRequest, Dataset> images,
    Function<RunPlan, Behavior<DeviceWorker.Command>> worker,
    Function<RunPlan, Behavior<DeviceWorker.Command>> naturalWorker) {

  /** Parts whose natural branch has the plan's own learner. */
  RunParts(
      Function<TrainingRequest, Dataset> images,
      Function<RunPlan, Behavior<DeviceWorker.Command>> worker) {
    this(images, worker, plan -> DeviceWorker.create("cpu-natural", plan::openNaturalLearner));
  }

  /** Images read anew, and workers with the plan's own learner. */
  static RunParts standard() {
    return new RunParts(
        request -> request.data().read(DataSplit.TRAIN),
        plan -> DeviceWorker.create("cpu", plan::openLearner));
  }
}
