package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.merlon.actors.Causes;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The guardian of one training run, from its request to its outcome. This is its first phase:
 * reading data and checkpoint on a thread for files; then it becomes an {@link ActiveRun}. It tells
 * the outcome exactly once and stops; its children, and with them every tensor, are gone when it
 * is.
 */
final class TrainingRun extends AbstractBehavior<TrainingRun.Command> {
  private final TimerScheduler<Command> timers;
  private final Setup setup;
  private final CompletionStage<RunPlan> preparation;
  private final long begun = System.nanoTime();
  private boolean stopping;

  /** What a run can be told. */
  sealed interface Command permits Stop, Internal, TrainingAttempt.Event, Checkpointer.Report {}

  /** Asks for an orderly stop: the step at hand ends, a checkpoint is written. */
  record Stop() implements Command {}

  /** What a run tells itself. */
  sealed interface Internal extends Command {}

  private record Prepared(RunPlan plan) implements Internal {}

  private record NotPrepared(Throwable problem) implements Internal {}

  /** The attempt of this number is gone, and its tensors with it. */
  record AttemptEnded(int number) implements Internal {}

  /** The failed attempt of this number does not let go of its device. */
  record AttemptStuck(int number) implements Internal {}

  /** The wait before the next attempt is over. */
  record Retry() implements Internal {}

  /** The step at hand takes too long to be waited for. */
  record StopOverdue() implements Internal {}

  /** The writer of the run directory is gone. */
  record CheckpointerDied(Throwable problem) implements Internal {}

  /**
   * What a run is made of.
   *
   * @param parts what it takes from outside itself
   * @param progress told everything that happens
   * @param outcome told how the run ended
   */
  record Setup(
      TrainingRequest request,
      PipelineTuning tuning,
      RunParts parts,
      ActorRef<TrainingProgress> progress,
      ActorRef<TrainingOutcome> outcome) {}

  private TrainingRun(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    Executor io =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("merlon.dispatchers.io"));
    this.preparation =
        CompletableFuture.supplyAsync(
            () -> RunPreparation.prepare(setup.request(), setup.parts()), io);
    context.pipeToSelf(
        preparation,
        (plan, problem) -> problem == null ? new Prepared(plan) : new NotPrepared(problem));
  }

  /** A run that begins at once. */
  static Behavior<Command> create(Setup setup) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new TrainingRun(context, timers, setup)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Prepared.class, this::prepared)
        .onMessage(NotPrepared.class, this::refused)
        .onMessage(Stop.class, stop -> rememberStop())
        .onSignal(PostStop.class, signal -> releaseDirectory())
        .build();
  }

  private Behavior<Command> prepared(Prepared prepared) {
    RunPlan plan = prepared.plan();
    if (stopping) {
      long steps = plan.start().map(TrainingSnapshot::cursor).map(c -> c.globalStep()).orElse(0L);
      plan.files().close();
      return ended(
          new TrainingOutcome.Stopped(
              setup.request().directory(),
              steps,
              plan.schedules().totalSteps(),
              plan.checkpoint().map(found -> found.file()),
              Duration.ofNanos(System.nanoTime() - begun)));
    }
    return new ActiveRun(getContext(), timers, setup, plan, begun);
  }

  private Behavior<Command> refused(NotPrepared refused) {
    getContext().getLog().error("The run could not begin", refused.problem());
    return ended(
        new TrainingOutcome.Parked(
            setup.request().directory(),
            Causes.failure("The run's beginning", refused.problem()),
            0,
            java.util.Optional.empty()));
  }

  private Behavior<Command> rememberStop() {
    stopping = true;
    return this;
  }

  private Behavior<Command> ended(TrainingOutcome outcome) {
    setup.outcome().tell(outcome);
    return Behaviors.stopped();
  }

  // Also when it stops before the directory is taken.
  private Behavior<Command> releaseDirectory() {
    preparation.thenAccept(plan -> plan.files().close());
    return this;
  }
}
