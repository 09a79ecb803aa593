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
import dev.merlon.actors.Stage;
import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.training.TrainingRun.AttemptEnded;
import dev.merlon.actors.training.TrainingRun.AttemptStuck;
import dev.merlon.actors.training.TrainingRun.CheckpointerDied;
import dev.merlon.actors.training.TrainingRun.Command;
import dev.merlon.actors.training.TrainingRun.Retry;
import dev.merlon.actors.training.TrainingRun.Setup;
import dev.merlon.actors.training.TrainingRun.Stop;
import dev.merlon.actors.training.TrainingRun.StopOverdue;
import dev.merlon.config.failure.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A training run at work. It keeps the {@link RunLedger}, supervises its {@link Attempts} and a
 * {@link Checkpointer}, and decides what a failure means: a new attempt from the last snapshot,
 * which replays to the same bits, or the end of the run with its reason.
 */
final class ActiveRun extends AbstractBehavior<Command> {
  private final TimerScheduler<Command> timers;
  private final Setup setup;
  private final RunPlan plan;
  private final RunLedger ledger;
  private final RunOutput output;
  private final RunModels models;
  private final RunOutcomes outcomes;
  private final RetryPolicy retries;
  private final Attempts attempts;
  private Optional<EpochMetrics> lastEpoch = Optional.empty();
  private Optional<Supplier<TrainingOutcome>> ending = Optional.empty();
  private boolean stopping;

  /**
   * A run that begins its first attempt at once.
   *
   * @param begun when the run was taken up, nanos
   */
  ActiveRun(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Setup setup,
      RunPlan plan,
      long begun) {
    super(context);
    this.timers = timers;
    this.setup = setup;
    this.plan = plan;
    this.ledger = new RunLedger(plan, setup.tuning().metricsSteps());
    Outbox outbox = new Outbox(spawnCheckpointer(), ledger.metricsBytes());
    this.output = new RunOutput(plan, setup.tuning().failedWrites(), outbox);
    this.models = new RunModels(plan, output);
    this.outcomes = new RunOutcomes(plan, ledger, output, models, begun);
    this.retries = new RetryPolicy(setup.tuning());
    this.attempts = new Attempts(context, timers, setup, plan);
    plan.notices().forEach(this::notice);
    setup.progress().tell(ledger.started());
    attempts.begin(ledger);
  }

  private ActorRef<Checkpointer.Command> spawnCheckpointer() {
    Stage<Checkpointer.Command> checkpointer =
        setup
            .parts()
            .spawn(
                getContext(),
                Roles.CHECKPOINTER,
                Checkpointer.create(plan, getContext().getSelf().narrow()),
                DispatcherSelector.fromConfig("merlon.dispatchers.io"));
    getContext()
        .pipeToSelf(
            checkpointer.death(), (none, reason) -> new CheckpointerDied(Causes.of(reason)));
    return checkpointer.actor();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(TrainingAttempt.Event.class, attempts::isStale, event -> this)
        .onMessage(TrainingAttempt.StepDone.class, this::stepDone)
        .onMessage(TrainingAttempt.PassAdvanced.class, this::passAdvanced)
        .onMessage(TrainingAttempt.Loaded.class, this::loaded)
        .onMessage(TrainingAttempt.EpochClosed.class, this::epochClosed)
        .onMessage(TrainingAttempt.AllDone.class, done -> complete())
        .onMessage(TrainingAttempt.Stopped.class, this::stopped)
        .onMessage(TrainingAttempt.Failed.class, this::failed)
        .onMessage(AttemptEnded.class, ended -> attemptGone(ended.number()))
        .onMessage(AttemptStuck.class, stuck -> attemptGone(stuck.number()))
        .onMessage(Retry.class, retry -> retry())
        .onMessage(Stop.class, stop -> stop())
        .onMessage(StopOverdue.class, overdue -> endStopped())
        .onMessage(Checkpointer.Saved.class, this::saved)
        .onMessage(Checkpointer.ModelWritten.class, this::modelWritten)
        .onMessage(Checkpointer.SaveFailed.class, this::saveFailed)
        .onMessage(Checkpointer.WriteFailed.class, this::writeFailed)
        .onMessage(Checkpointer.Flushed.class, flushed -> flushed())
        .onMessage(Checkpointer.Done.class, this::written)
        .onMessage(CheckpointerDied.class, this::checkpointerDied)
        .onSignal(PostStop.class, signal -> releaseDirectory())
        .build();
  }

  private Behavior<Command> loaded(TrainingAttempt.Loaded loaded) {
    if (ledger.last().isEmpty()) {
      ledger.keep(loaded.state());
    }
    return this;
  }

  private Behavior<Command> stepDone(TrainingAttempt.StepDone done) {
    StepCompleted step = done.step().value();
    ledger.add(step).ifPresent(output::line);
    setup.progress().tell(ledger.progress(step));
    step.state().map(ledger::keep).ifPresent(output::offer);
    return this;
  }

  private Behavior<Command> passAdvanced(TrainingAttempt.PassAdvanced advanced) {
    setup
        .progress()
        .tell(
            new TrainingProgress.StatisticsAdvanced(
                advanced.epoch() + 1, advanced.batches(), plan.stepsPerEpoch()));
    return this;
  }

  // What a checkpoint presupposes is handed to the disk before it.
  private Behavior<Command> epochClosed(TrainingAttempt.EpochClosed closed) {
    EpochMetrics metrics = ledger.metrics();
    output.line(ledger.closeEpoch(closed.compared(), closed.comparison()));
    models.closeEpoch(metrics.epoch(), closed.state(), closed.compared());
    output.save(ledger.keep(closed.state()));
    lastEpoch = Optional.of(metrics);
    setup
        .progress()
        .tell(
            new TrainingProgress.EpochCompleted(
                metrics, plan.settings().epochs(), closed.compared()));
    return this;
  }

  private Behavior<Command> complete() {
    int epochs = ledger.cursor().epoch();
    ModelOrigin origin = models.origin(epochs, ledger.best());
    models.finish(ledger.last().orElseThrow().learner(), origin, epochs);
    return end(() -> outcomes.completed(lastEpoch));
  }

  private Behavior<Command> stop() {
    if (!stopping && ending.isEmpty()) {
      stopping = true;
      timers.startSingleTimer(new StopOverdue(), setup.tuning().stopTimeout());
      if (!attempts.askToStop()) {
        return endStopped();
      }
    }
    return this;
  }

  private Behavior<Command> stopped(TrainingAttempt.Stopped stopped) {
    stopped.state().ifPresent(ledger::keep);
    return endStopped();
  }

  private Behavior<Command> endStopped() {
    return end(outcomes::stopped);
  }

  private Behavior<Command> failed(TrainingAttempt.Failed failed) {
    getContext().getLog().error("Attempt {} failed", attempts.number(), failed.problem());
    Failure failure = Causes.failure("Training", failed.problem());
    long committed = ledger.cursor().globalStep();
    attempts.failed();
    ledger.rollBack();
    output.cutMetrics(ledger.metricsBytes());
    if (stopping) {
      return endStopped();
    }
    Optional<Duration> wait = retries.after(failure, committed);
    if (wait.isEmpty()) {
      return park(failure);
    }
    notice(failure.message() + "; going on after step " + ledger.place());
    attempts.retryAfter(wait.get(), setup.tuning().stopTimeout());
    return this;
  }

  private Behavior<Command> attemptGone(int number) {
    attempts.gone(number);
    return this;
  }

  private Behavior<Command> retry() {
    if (ending.isEmpty()) {
      attempts.begin(ledger);
    }
    return this;
  }

  private Behavior<Command> park(Failure failure) {
    return end(() -> outcomes.parked(failure));
  }

  private Behavior<Command> saved(Checkpointer.Saved saved) {
    output.saved(saved);
    setup
        .progress()
        .tell(
            new TrainingProgress.CheckpointSaved(
                saved.cursor().globalStep(), saved.file(), saved.elapsed()));
    return this;
  }

  private Behavior<Command> modelWritten(Checkpointer.ModelWritten written) {
    output.modelWritten(written);
    return this;
  }

  private Behavior<Command> saveFailed(Checkpointer.SaveFailed failed) {
    notice(
        "The checkpoint of step " + failed.cursor().globalStep() + " failed: " + failed.problem());
    output.saveFailed(failed).ifPresent(this::park);
    return this;
  }

  private Behavior<Command> writeFailed(Checkpointer.WriteFailed failed) {
    notice(failed.file() + " could not be written: " + failed.problem());
    output.failed(failed.problem()).ifPresent(this::park);
    return this;
  }

  // The first reason to end is the one that counts; what is on its way to the disk is waited for.
  private Behavior<Command> end(Supplier<TrainingOutcome> outcome) {
    if (ending.isEmpty()) {
      ending = Optional.of(outcome);
      timers.cancelAll();
      attempts.end();
      output.finish(ledger.last());
    }
    return this;
  }

  private Behavior<Command> flushed() {
    setup.outcome().tell(ending.orElseThrow().get());
    return Behaviors.stopped();
  }

  private Behavior<Command> written(Checkpointer.Done done) {
    output.done(done);
    return this;
  }

  // The files are written by the next one; nobody else waits for them.
  private Behavior<Command> checkpointerDied(CheckpointerDied died) {
    getContext().getLog().error("The checkpointer failed", died.problem());
    Failure failure = Causes.failure("Writing", died.problem());
    if (output.failed(failure.message()).isPresent()) {
      setup.outcome().tell(ending.map(Supplier::get).orElseGet(() -> outcomes.parked(failure)));
      return Behaviors.stopped();
    }
    notice(failure.message() + "; what it had not written is written again");
    output.writeAgain(spawnCheckpointer());
    return this;
  }

  private void notice(String message) {
    getContext().getLog().warn(message);
    setup.progress().tell(new TrainingProgress.Noticed(message));
  }

  private Behavior<Command> releaseDirectory() {
    plan.files().close();
    return this;
  }
}
