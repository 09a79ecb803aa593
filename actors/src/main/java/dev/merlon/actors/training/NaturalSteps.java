package dev.merlon.actors.training;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.japi.function.Function;
import akka.pattern.StatusReply;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.AttackedHandle;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.model.data.Batch;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import dev.merlon.streams.InStep;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the worker of a natural branch is asked for. Thread-safe. */
final class NaturalSteps {
  private final Stage<DeviceWorker.Command> worker;
  private final Schedules schedules;
  private final Duration timeout;

  NaturalSteps(Stage<DeviceWorker.Command> worker, Schedules schedules, Duration timeout) {
    this.worker = worker;
    this.schedules = schedules;
    this.timeout = timeout;
  }

  /** Puts a state on the worker. */
  CompletionStage<Done> load(LearnerState state) {
    return ask(to -> new DeviceWorker.Load(Optional.of(state), to));
  }

  /**
   * The worker's state.
   *
   * @param begun whether it holds one; otherwise it makes the one at the start of a run
   */
  CompletionStage<LearnerState> state(boolean begun) {
    CompletionStage<Done> loaded =
        begun
            ? CompletableFuture.completedFuture(Done.done())
            : ask(to -> new DeviceWorker.Load(Optional.empty(), to));
    return loaded.thenCompose(done -> ask(DeviceWorker.TakeSnapshot::new));
  }

  /** One step of training; the caller sees to it that there is one at a time. */
  CompletionStage<Done> step(InStep<Batch> batch) {
    Phase phase = schedules.phase(batch.context().globalStep());
    return this.<AttackedHandle>ask(to -> new DeviceWorker.Search(batch.value(), phase, to))
        .thenCompose(
            handle -> this.<StepLosses>ask(to -> new DeviceWorker.Forward(handle, phase, to)))
        .thenCompose(losses -> this.<Done>ask(DeviceWorker.Backward::new))
        .thenCompose(done -> this.<StepReport>ask(to -> new DeviceWorker.ApplyUpdate(phase, to)))
        .thenApply(report -> Done.done());
  }

  private <T> CompletionStage<T> ask(
      Function<ActorRef<StatusReply<T>>, DeviceWorker.Command> question) {
    return worker.ask(question, timeout);
  }
}
