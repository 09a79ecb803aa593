package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import dev.merlon.actors.event.TrainingProgress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
   * @throws dev.merlon.config.failure.MerlonException (configuration) when {@code merlon.pipeline}
   *     cannot be used
   */
  public static TrainingHandle start(
      ActorSystem<?> system, TrainingRequest request, Consumer<TrainingProgress> listener) {
    return start(system, request, listener, RunParts.standard());
  }

  /** As above, with other parts. */
  static TrainingHandle start(
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
    return new Handle(session, result);
  }

  private record Handle(
      ActorRef<TrainingSession.Command> session, CompletableFuture<TrainingOutcome> result)
      implements TrainingHandle {
    @Override
    public CompletionStage<TrainingOutcome> outcome() {
      return result.minimalCompletionStage();
    }

    @Override
    public CompletionStage<TrainingOutcome> stop() {
      session.tell(new TrainingSession.Stop());
      return outcome();
    }
  }
}
