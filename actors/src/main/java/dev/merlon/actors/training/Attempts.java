package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.training.TrainingRun.AttemptEnded;
import dev.merlon.actors.training.TrainingRun.AttemptStuck;
import dev.merlon.actors.training.TrainingRun.Command;
import dev.merlon.actors.training.TrainingRun.Retry;
import dev.merlon.actors.training.TrainingRun.Setup;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@link TrainingAttempt}s of a run, one at a time, as children of its actor: what each begins
 * with, whether it is still the one that counts, and the wait before the next. A new one begins
 * only when the device of the old one is free, or does not become free in time. Used by one actor.
 */
final class Attempts {
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Setup setup;
  private final RunPlan plan;
  private Optional<ActorRef<TrainingAttempt.Command>> running = Optional.empty();
  private Optional<Duration> retryAfter = Optional.empty();
  private int number;

  Attempts(
      ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup, RunPlan plan) {
    this.context = context;
    this.timers = timers;
    this.setup = setup;
    this.plan = plan;
  }

  /** Begins the next one where the ledger stands. */
  void begin(RunLedger ledger) {
    number++;
    var beginning =
        new TrainingAttempt.Beginning(
            number,
            ledger.cursor(),
            ledger.last().map(TrainingSnapshot::learner),
            ledger.best(),
            setup.tuning().snapshotSteps());
    int begun = number;
    Stage<TrainingAttempt.Command> attempt =
        setup
            .parts()
            .spawn(
                context,
                Roles.ATTEMPT,
                TrainingAttempt.create(plan, beginning, setup.parts(), context.getSelf().narrow()),
                Props.empty());
    context.pipeToSelf(
        attempt.death(), (none, reason) -> new TrainingAttempt.Failed(begun, Causes.of(reason)));
    context.watchWith(attempt.actor(), new AttemptEnded(begun));
    running = Optional.of(attempt.actor());
  }

  /** The number of the newest one. */
  int number() {
    return number;
  }

  /** Whether an event counts no more: what an attempt said before its end may arrive later. */
  boolean isStale(TrainingAttempt.Event event) {
    return event.attempt() != number || running.isEmpty();
  }

  /**
   * Asks the one at work to stop after its step.
   *
   * @return whether there is one
   */
  boolean askToStop() {
    running.ifPresent(attempt -> attempt.tell(new TrainingAttempt.Stop()));
    return running.isPresent();
  }

  /** The one at work has failed: nothing it says counts any more. */
  void failed() {
    running = Optional.empty();
  }

  /**
   * Begins the wait for the next one once the failed one is gone.
   *
   * @param limit how long that may take
   */
  void retryAfter(Duration wait, Duration limit) {
    retryAfter = Optional.of(wait);
    timers.startSingleTimer(new AttemptStuck(number), limit);
  }

  /** The device of an attempt is free, or has to be given up. */
  void gone(int attempt) {
    if (attempt == number) {
      retryAfter.ifPresent(wait -> timers.startSingleTimer(new Retry(), wait));
      retryAfter = Optional.empty();
    }
  }

  /** Stops the one at work at once. */
  void end() {
    running.ifPresent(context::stop);
    running = Optional.empty();
  }
}
