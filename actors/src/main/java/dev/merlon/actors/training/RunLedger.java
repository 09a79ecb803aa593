package dev.merlon.actors.training;

import dev.merlon.actors.event.ComparedModel;
import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.run.MetricsLine;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.model.checkpoint.EpochSums;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.file.LineWriter;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run has come to: its place, what the epoch at hand adds up to, the length of its metrics,
 * and the last snapshot, which all of them can be taken back to. Used by one actor.
 */
final class RunLedger {
  private static final String LOSS = "loss";
  private static final String CORRECT = "correct";
  private static final String CERTIFIED = "certified";
  private static final String GRADIENT_NORM = "gradient-norm";
  private static final String SECONDS = "seconds";

  private final RunPlan plan;
  private final int metricsSteps;
  private RunCursor cursor = RunCursor.START;
  private EpochSums tally = EpochSums.EMPTY;
  private long metricsBytes;
  private Optional<BestModel> best = Optional.empty();
  private Optional<TrainingSnapshot> last;

  /** The ledger of a run at its start or where it goes on. */
  RunLedger(RunPlan plan, int metricsSteps) {
    this.plan = plan;
    this.metricsSteps = metricsSteps;
    this.last = plan.start();
    rollBack();
  }

  /** Where the run stands. */
  RunCursor cursor() {
    return cursor;
  }

  /** The last snapshot; empty before the first state is known. */
  Optional<TrainingSnapshot> last() {
    return last;
  }

  /** Takes everything back to the last snapshot, or to the start. */
  void rollBack() {
    cursor = last.map(TrainingSnapshot::cursor).orElse(RunCursor.START);
    tally = last.map(TrainingSnapshot::tally).orElse(EpochSums.EMPTY);
    metricsBytes = last.map(TrainingSnapshot::metricsBytes).orElse(0L);
    best = last.flatMap(TrainingSnapshot::best);
  }

  /** Length of the metrics file up to here. */
  long metricsBytes() {
    return metricsBytes;
  }

  /**
   * Adds a committed step.
   *
   * @return its line of the metrics, where one is due
   */
  Optional<String> add(StepCompleted step) {
    StepLosses losses = step.losses();
    cursor = cursor.afterStep();
    tally =
        tally
            .plus(LOSS, losses.total() * losses.size(), losses.size())
            .plus(CORRECT, losses.correct(), losses.size())
            .plus(CERTIFIED, losses.certified(), losses.size())
            .plus(GRADIENT_NORM, step.update().gradientNorm(), 1)
            .plus(SECONDS, step.elapsed().toNanos() / 1e9, 1);
    Optional<String> line =
        cursor.globalStep() % metricsSteps == 0
            ? Optional.of(MetricsLine.write(RunMetrics.step(step)))
            : Optional.empty();
    line.ifPresent(this::count);
    return line;
  }

  /** Keeps the state of the learner here, as the last snapshot. */
  TrainingSnapshot keep(LearnerState state) {
    TrainingSnapshot snapshot =
        new TrainingSnapshot(plan.identity(), cursor, state, tally, metricsBytes, best);
    last = Optional.of(snapshot);
    return snapshot;
  }

  /** What the epoch at hand has come to. */
  EpochMetrics metrics() {
    Phase phase = plan.schedules().phase(Math.max(0, cursor.globalStep() - 1));
    double seconds = tally.of(SECONDS).total();
    return new EpochMetrics(
        cursor.epoch() + 1,
        cursor.globalStep(),
        tally.of(LOSS).mean(),
        tally.of(CORRECT).mean(),
        tally.of(GRADIENT_NORM).mean(),
        phase.eps(),
        phase.learningRate(),
        Duration.ofNanos(Math.round(seconds * 1e9)),
        imagesPerSecond());
  }

  /** The best model compared so far. */
  Optional<BestModel> best() {
    return best;
  }

  /**
   * Closes the epoch at hand.
   *
   * @param compared what its model reached, where models are compared
   * @param comparison of its natural and its certified update, where they were merged
   * @return its line of the metrics
   */
  String closeEpoch(Optional<ComparedModel> compared, Optional<Comparison> comparison) {
    String line =
        MetricsLine.write(
            RunMetrics.epoch(metrics(), tally.of(CERTIFIED).mean(), compared, comparison));
    best = compared.map(ComparedModel::best).or(() -> best);
    count(line);
    cursor = cursor.afterEpoch();
    tally = EpochSums.EMPTY;
    return line;
  }

  /** What to tell those who watch when the run begins. */
  TrainingProgress.Started started() {
    return new TrainingProgress.Started(
        plan.directory().path(),
        plan.settings().epochs(),
        plan.stepsPerEpoch(),
        cursor.globalStep(),
        plan.schedules().totalSteps(),
        plan.images().train().size(),
        plan.parameters());
  }

  /** Where the run stands, for people. */
  String place() {
    return cursor.globalStep() + " of " + plan.schedules().totalSteps();
  }

  /** What to tell those who watch about the step that was added last. */
  TrainingProgress.Stepped progress(StepCompleted step) {
    return new TrainingProgress.Stepped(
        cursor.epoch() + 1,
        cursor.step(),
        plan.stepsPerEpoch(),
        cursor.globalStep(),
        plan.schedules().totalSteps(),
        step.losses().total(),
        tally.of(CORRECT).mean(),
        step.phase().eps(),
        step.phase().learningRate(),
        step.elapsed(),
        imagesPerSecond());
  }

  private double imagesPerSecond() {
    double seconds = tally.of(SECONDS).total();
    return seconds > 0 ? tally.of(LOSS).count() / seconds : 0;
  }

  private void count(String line) {
    metricsBytes += LineWriter.bytes(line);
  }
}
