package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.TrainingProgress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The door to training for callers that are no actors, such as the command line. */
public final class TrainingService {
  private TrainingService() {}

  /**
   * Starts a run and returns at once.
   *
   * @param system runs the actors; its configuration holds {@code merlon.pipeline} and {@code
   *     merlon.dispatchers}
   * @param listener told what happens, in order, one event at a time, on a thread of {@code
   *     system}; must not block
   * @return never fails: whatever goes wrong is {@link TrainingOutcome.Parked}. At its end every
   *     file is on the disk and every tensor is freed; when it is stopped, it finishes or abandons
   *     the step at hand and writes a checkpoint
   * @throws dev.merlon.config.failure.MerlonException (configuration) when {@code merlon.pipeline}
   *     cannot be used
   */
  public static RunningWork<TrainingOutcome> start(
      ActorSystem<?> system, TrainingRequest request, Consumer<TrainingProgress> listener) {
    return start(system, request, listener, RunParts.standard());
  }

  /** As above, with other parts. */
  static RunningWork<TrainingOutcome> start(
      ActorSystem<?> system,
      TrainingRequest request,
      Consumer<TrainingProgress> listener,
      RunParts parts) {
    PipelineTuning tuning = PipelineTuning.of(system.settings().config());
    CompletableFuture<TrainingOutcome> result = new CompletableFuture<>();
    ActorRef<TrainingSession.Command> session =
        system.systemActorOf(
            TrainingSession.create(request, tuning, parts, listener, result),
            "training-" + UUID.randomUUID(),
            Props.empty());
    return new RunningWork<>(
        () -> session.tell(new TrainingSession.Stop()), result.minimalCompletionStage());
  }
}
