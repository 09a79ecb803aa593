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
import dev.merlon.actors.training.TrainingRun.AttemptEnded;
import dev.merlon.actors.training.TrainingRun.AttemptStuck;
import dev.merlon.actors.training.TrainingRun.CheckpointerGone;
import dev.merlon.actors.training.TrainingRun.Command;
import dev.merlon.actors.training.TrainingRun.Retry;
import dev.merlon.actors.training.TrainingRun.Setup;
import dev.merlon.actors.training.TrainingRun.Stop;
import dev.merlon.actors.training.TrainingRun.StopOverdue;
import dev.merlon.config.Failure;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.Weights;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A training run at work. It supervises one {@link TrainingAttempt} at a time and a {@link
 * Checkpointer}, keeps the {@link RunLedger}, and decides what a failure means: a new attempt from
 * the last snapshot, which replays to the same bits, or the end of the run with its reason.
 */
final class ActiveRun extends AbstractBehavior<Command> {
  private final TimerScheduler<Command> timers;
  private final Setup setup;
  private final RunPlan plan;
  private final long begun;
  private final RunLedger ledger;
  private final RunOutput output;
  private final RetryPolicy retries;
  private Optional<ActorRef<TrainingAttempt.Command>> attempt = Optional.empty();
  private Optional<EpochMetrics> lastEpoch = Optional.empty();
  private Optional<Duration> retryAfter = Optional.empty();
  private Optional<Supplier<TrainingOutcome>> ending = Optional.empty();
  private boolean stopping;
  private int number;

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
    this.begun = begun;
    this.ledger = new RunLedger(plan, setup.tuning().metricsSteps());
    this.retries = new RetryPolicy(setup.tuning());
    ActorRef<Checkpointer.Command> checkpointer =
        context.spawn(
            Checkpointer.create(plan, context.getSelf().narrow()),
            "checkpointer",
            DispatcherSelector.fromConfig("merlon.dispatchers.io"));
    context.watchWith(checkpointer, new CheckpointerGone());
    this.output = new RunOutput(plan, setup.tuning().failedWrites(), checkpointer);
    plan.notices().forEach(this::notice);
    setup.progress().tell(started());
    beginAttempt();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(TrainingAttempt.Event.class, this::isStale, event -> this)
        .onMessage(TrainingAttempt.StepDone.class, this::stepDone)
        .onMessage(TrainingAttempt.PassAdvanced.class, this::passAdvanced)
        .onMessage(TrainingAttempt.Loaded.class, this::loaded)
        .onMessage(TrainingAttempt.EpochClosed.class, this::epochClosed)
        .onMessage(TrainingAttempt.AllDone.class, done -> complete())
        .onMessage(TrainingAttempt.Stopped.class, this::stopped)
        .onMessage(TrainingAttempt.Failed.class, this::failed)
        .onMessage(AttemptEnded.class, this::attemptEnded)
        .onMessage(AttemptStuck.class, this::attemptStuck)
        .onMessage(Retry.class, retry -> retry())
        .onMessage(Stop.class, stop -> stop())
        .onMessage(StopOverdue.class, overdue -> endStopped())
        .onMessage(Checkpointer.Saved.class, this::saved)
        .onMessage(Checkpointer.ModelWritten.class, this::modelWritten)
        .onMessage(Checkpointer.SaveFailed.class, this::saveFailed)
        .onMessage(Checkpointer.WriteFailed.class, this::writeFailed)
        .onMessage(Checkpointer.Flushed.class, flushed -> flushed())
        .onMessage(CheckpointerGone.class, gone -> checkpointerGone())
        .onSignal(PostStop.class, signal -> releaseDirectory())
        .build();
  }

  private void beginAttempt() {
    number++;
    var beginning =
        new TrainingAttempt.Beginning(
            number,
            ledger.cursor(),
            ledger.last().map(TrainingSnapshot::learner),
            setup.tuning().snapshotSteps());
    ActorRef<TrainingAttempt.Command> child =
        getContext()
            .spawn(
                TrainingAttempt.create(
                    plan,
                    beginning,
                    () -> setup.parts().worker().apply(plan),
                    getContext().getSelf().narrow()),
                "attempt-" + number);
    getContext().watchWith(child, new AttemptEnded(number));
    attempt = Optional.of(child);
  }

  // What an attempt said before it failed or was stopped may arrive later.
  private boolean isStale(TrainingAttempt.Event event) {
    return event.attempt() != number || attempt.isEmpty();
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

  private Behavior<Command> epochClosed(TrainingAttempt.EpochClosed closed) {
    EpochMetrics metrics = ledger.metrics();
    LearnerState state = closed.state();
    output.line(ledger.closeEpoch());
    exportModels(metrics.epoch(), state);
    output.save(ledger.keep(state));
    lastEpoch = Optional.of(metrics);
    setup.progress().tell(new TrainingProgress.EpochCompleted(metrics, plan.settings().epochs()));
    return this;
  }

  private void exportModels(int epoch, LearnerState state) {
    output.model(plan.files().epochModel(epoch, Weights.TRAINED), state.values(), Weights.TRAINED);
    state
        .average()
        .ifPresent(
            average ->
                output.model(
                    plan.files().epochModel(epoch, Weights.AVERAGED),
                    average.values(),
                    Weights.AVERAGED));
  }

  private Behavior<Command> complete() {
    LearnerState last = ledger.last().orElseThrow().learner();
    Weights weights = last.average().isPresent() ? Weights.AVERAGED : Weights.TRAINED;
    output.model(plan.files().finalModel(), last.result(), weights);
    return end(this::completed);
  }

  private Behavior<Command> stop() {
    if (!stopping && ending.isEmpty()) {
      stopping = true;
      timers.startSingleTimer(new StopOverdue(), setup.tuning().stopTimeout());
      attempt.ifPresentOrElse(
          running -> running.tell(new TrainingAttempt.Stop()), this::endStopped);
    }
    return this;
  }

  private Behavior<Command> stopped(TrainingAttempt.Stopped stopped) {
    stopped.state().ifPresent(ledger::keep);
    return endStopped();
  }

  private Behavior<Command> endStopped() {
    return end(this::wasStopped);
  }

  private Behavior<Command> failed(TrainingAttempt.Failed failed) {
    getContext().getLog().error("Attempt {} failed", number, failed.problem());
    Failure failure = Causes.failure(failed.problem());
    long committed = ledger.cursor().globalStep();
    attempt = Optional.empty();
    ledger.rollBack();
    output.cutMetrics(ledger.metricsBytes());
    if (stopping) {
      return endStopped();
    }
    retryAfter = retries.after(failure, committed);
    if (retryAfter.isEmpty()) {
      return park(failure);
    }
    notice(
        failure.message()
            + "; going on from step "
            + ledger.cursor().globalStep()
            + " of "
            + plan.schedules().totalSteps());
    timers.startSingleTimer(new AttemptStuck(number), setup.tuning().stopTimeout());
    return this;
  }

  private Behavior<Command> attemptEnded(AttemptEnded ended) {
    if (ended.number() == number && attempt.isPresent() && ending.isEmpty()) {
      IllegalStateException unknown = new IllegalStateException("the attempt ended by itself");
      failed(new TrainingAttempt.Failed(number, unknown));
    }
    return ended.number() == number ? scheduleRetry() : this;
  }

  private Behavior<Command> attemptStuck(AttemptStuck stuck) {
    return stuck.number() == number ? scheduleRetry() : this;
  }

  private Behavior<Command> scheduleRetry() {
    retryAfter.ifPresent(wait -> timers.startSingleTimer(new Retry(), wait));
    retryAfter = Optional.empty();
    return this;
  }

  private Behavior<Command> retry() {
    if (ending.isEmpty()) {
      beginAttempt();
    }
    return this;
  }

  private Behavior<Command> park(Failure failure) {
    return end(() -> parked(failure));
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
      attempt.ifPresent(getContext()::stop);
      attempt = Optional.empty();
      output.finish(ledger.last());
    }
    return this;
  }

  private Behavior<Command> flushed() {
    setup.outcome().tell(ending.orElseThrow().get());
    return Behaviors.stopped();
  }

  private Behavior<Command> checkpointerGone() {
    setup.outcome().tell(parked(output.unwritable("its writer ended unexpectedly")));
    return Behaviors.stopped();
  }

  private TrainingOutcome completed() {
    if (!output.hasModel(plan.files().finalModel())) {
      return parked(output.unwritable(plan.files().finalModel() + " is missing"));
    }
    return new TrainingOutcome.Completed(
        plan.files().directory(),
        plan.files().finalModel(),
        plan.settings().epochs(),
        ledger.cursor().globalStep(),
        lastEpoch,
        elapsed());
  }

  private TrainingOutcome wasStopped() {
    return new TrainingOutcome.Stopped(
        plan.files().directory(),
        ledger.last().map(last -> last.cursor().globalStep()).orElse(0L),
        plan.schedules().totalSteps(),
        output.newest(),
        elapsed());
  }

  private TrainingOutcome parked(Failure failure) {
    return new TrainingOutcome.Parked(
        plan.files().directory(), failure, ledger.cursor().globalStep(), output.newest());
  }

  private TrainingProgress started() {
    return new TrainingProgress.Started(
        plan.files().directory(),
        plan.settings().epochs(),
        plan.stepsPerEpoch(),
        ledger.cursor().globalStep(),
        plan.schedules().totalSteps(),
        plan.images().train().size(),
        plan.parameters());
  }

  private void notice(String message) {
    getContext().getLog().warn(message);
    setup.progress().tell(new TrainingProgress.Noticed(message));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private Behavior<Command> releaseDirectory() {
    plan.files().close();
    return this;
  }
}
