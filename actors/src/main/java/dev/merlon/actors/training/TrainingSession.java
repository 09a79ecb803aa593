package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.failure.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Stands between one training run and a caller that is no actor: hands on progress, and completes a
 * future with the outcome once the run and its tensors are gone.
 */
final class TrainingSession extends AbstractBehavior<TrainingSession.Command> {
  private final TimerScheduler<Command> timers;
  private final Consumer<TrainingProgress> listener;
  private final CompletableFuture<TrainingOutcome> result;
  private final TrainingRequest request;
  private final Duration patience;
  private final ActorRef<TrainingRun.Command> run;
  private Failure reason =
      new Failure.Internal(
          "The training run ended without an outcome", "See the log; go on with --resume.");
  private Optional<TrainingOutcome> outcome = Optional.empty();

  /** What a session can be told. */
  sealed interface Command {}

  /** Asks the run to stop. */
  record Stop() implements Command {}

  private record Advanced(TrainingProgress progress) implements Command {}

  private record Ended(TrainingOutcome outcome) implements Command {}

  private record RunDied(Throwable reason) implements Command {}

  private record RunGone() implements Command {}

  private record Overdue() implements Command {}

  private TrainingSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      TrainingRequest request,
      PipelineTuning tuning,
      RunParts parts,
      Consumer<TrainingProgress> listener,
      CompletableFuture<TrainingOutcome> result) {
    super(context);
    this.timers = timers;
    this.listener = listener;
    this.result = result;
    this.request = request;
    this.patience = tuning.stopTimeout();
    Behavior<TrainingRun.Command> begins =
        TrainingRun.create(
            new TrainingRun.Setup(
                request,
                tuning,
                parts,
                context.messageAdapter(TrainingProgress.class, Advanced::new),
                context.messageAdapter(TrainingOutcome.class, Ended::new)));
    Stage<TrainingRun.Command> spawned = parts.spawn(context, Roles.RUN, begins, Props.empty());
    context.pipeToSelf(spawned.death(), (none, reason) -> new RunDied(Causes.of(reason)));
    this.run = spawned.actor();
    context.watchWith(run, new RunGone());
  }

  /**
   * A session that begins its run at once.
   *
   * @param result completed exactly once
   */
  static Behavior<Command> create(
      TrainingRequest request,
      PipelineTuning tuning,
      RunParts parts,
      Consumer<TrainingProgress> listener,
      CompletableFuture<TrainingOutcome> result) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new TrainingSession(
                        context, timers, request, tuning, parts, listener, result)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Advanced.class, this::handOn)
        .onMessage(Stop.class, stop -> stop())
        .onMessage(Ended.class, this::ended)
        .onMessage(RunDied.class, this::died)
        .onMessage(RunGone.class, gone -> Behaviors.stopped())
        .onMessage(Overdue.class, overdue -> Behaviors.stopped())
        .onSignal(PostStop.class, signal -> complete())
        .build();
  }

  private Behavior<Command> handOn(Advanced advanced) {
    try {
      listener.accept(advanced.progress());
    } catch (RuntimeException broken) {
      getContext().getLog().error("A listener of {} failed", request.directory(), broken);
    }
    return this;
  }

  private Behavior<Command> stop() {
    run.tell(new TrainingRun.Stop());
    return this;
  }

  // A device that hangs in native code never ends; its run's outcome is known all the same.
  private Behavior<Command> ended(Ended ended) {
    outcome = Optional.of(ended.outcome());
    timers.startSingleTimer(new Overdue(), patience);
    return this;
  }

  private Behavior<Command> died(RunDied died) {
    reason = Causes.failure("Training", died.reason());
    return this;
  }

  private Behavior<Command> complete() {
    result.complete(
        outcome.orElseGet(
            () -> new TrainingOutcome.Parked(request.directory(), reason, 0, Optional.empty())));
    return this;
  }
}
