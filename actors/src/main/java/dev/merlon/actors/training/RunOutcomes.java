package dev.merlon.actors.training;

import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.config.failure.Failure;
import java.time.Duration;
import java.util.Optional;

/** The outcomes of a run, told from what it has come to. Used by one actor. */
final class RunOutcomes {
  private final RunPlan plan;
  private final RunLedger ledger;
  private final RunOutput output;
  private final RunModels models;
  private final long begun;

  /**
   * The outcomes of a run.
   *
   * @param begun when it was taken up, nanos
   */
  RunOutcomes(RunPlan plan, RunLedger ledger, RunOutput output, RunModels models, long begun) {
    this.plan = plan;
    this.ledger = ledger;
    this.output = output;
    this.models = models;
    this.begun = begun;
  }

  /** Training is done, unless its result could not be written. */
  TrainingOutcome completed(Optional<EpochMetrics> lastEpoch) {
    if (!output.hasModel(plan.directory().finalModel())) {
      return parked(output.unwritable(output.problem()));
    }
    int epochs = ledger.cursor().epoch();
    return new TrainingOutcome.Completed(
        plan.directory().path(),
        plan.directory().finalModel(),
        models.origin(epochs, ledger.best()),
        plan.identity().dataDigest(),
        epochs,
        ledger.cursor().globalStep(),
        lastEpoch,
        elapsed());
  }

  TrainingOutcome stopped() {
    return new TrainingOutcome.Stopped(
        plan.directory().path(),
        ledger.last().map(last -> last.cursor().globalStep()).orElse(0L),
        plan.schedules().totalSteps(),
        output.newest(),
        elapsed());
  }

  TrainingOutcome parked(Failure failure) {
    return new TrainingOutcome.Parked(
        plan.directory().path(), failure, ledger.cursor().globalStep(), output.newest());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
