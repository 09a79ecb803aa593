package dev.merlon.actors.training;

import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;

/** The stages of a run. */
final class Roles {
  static final Stage.Role<TrainingRun.Command> RUN = of("training run");
  static final Stage.Role<TrainingAttempt.Command> ATTEMPT = of("training attempt");
  static final Stage.Role<Checkpointer.Command> CHECKPOINTER = of("checkpointer");
  static final Stage.Role<DeviceWorker.Command> WORKER = of("device worker");
  static final Stage.Role<DeviceWorker.Command> NATURAL_WORKER =
      of("device worker of the natural branch");
  static final Stage.Role<DataLoader.Command> LOADER = of("data loader");
  static final Stage.Role<AttackSearcher.Command> SEARCHER = of("attack searcher");
  static final Stage.Role<BoundPropagator.Command> PROPAGATOR = of("bound propagator");
  static final Stage.Role<UpdateComparator.Command> COMPARATOR = of("update comparator");

  private Roles() {}

  private static <C> Stage.Role<C> of(String words) {
    return new Stage.Role<>(words, "Raise pipeline.ask-timeout if its steps take that long.");
  }
}
