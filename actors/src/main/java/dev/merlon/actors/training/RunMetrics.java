package dev.merlon.actors.training;

import dev.merlon.actors.event.ComparedModel;
import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.actors.run.MetricsRecord;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.config.SettingChange;
import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.ThreadCount;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.EvaluationCounts;
import dev.merlon.model.training.StepLosses;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a run writes down: a step now and then, each epoch, and where it goes on otherwise. */
final class RunMetrics {
  private RunMetrics() {}

  /** What one step measured; losses are means over its images. */
  static MetricsRecord.Step step(StepCompleted step) {
    Phase phase = step.phase();
    StepLosses losses = step.losses();
    double seconds = step.elapsed().toNanos() / 1e9;
    return new MetricsRecord.Step(
        phase.epoch() + 1,
        phase.globalStep() + 1,
        new MetricsRecord.Figures(
            losses.total(),
            (double) losses.correct() / losses.size(),
            (double) losses.certified() / losses.size(),
            step.update().gradientNorm(),
            phase.eps(),
            phase.learningRate(),
            seconds,
            seconds > 0 ? losses.size() / seconds : 0),
        new MetricsRecord.LossParts(
            losses.natural(),
            losses.robust(),
            losses.regulariser(),
            OptionalDouble.of(losses.alignment())),
        phase.robustWeight());
  }

  /**
   * What an epoch came to; means over its images or steps.
   *
   * @param compared what its model reached, where models are compared
   * @param comparison of its natural and its certified updates, where they were merged
   */
  static MetricsRecord.Epoch epoch(
      EpochMetrics metrics,
      double certifiedAccuracy,
      Optional<ComparedModel> compared,
      Optional<Comparison> comparison) {
    return new MetricsRecord.Epoch(
        metrics.epoch(),
        metrics.steps(),
        new MetricsRecord.Figures(
            metrics.loss(),
            metrics.naturalAccuracy(),
            certifiedAccuracy,
            metrics.gradientNorm(),
            metrics.eps(),
            metrics.learningRate(),
            metrics.elapsed().toNanos() / 1e9,
            metrics.imagesPerSecond()),
        compared.map(RunMetrics::scores),
        comparison.map(
            updates ->
                new MetricsRecord.MergedUpdates(
                    updates.cosines(), updates.elapsed().toNanos() / 1e9)));
  }

  /**
   * A run that goes on otherwise than before.
   *
   * @param done how far it has come
   * @param settings that differ
   * @param threads before and now, where they differ
   */
  static MetricsRecord.Resumed resumed(
      RunCursor done, List<SettingChange> settings, List<ThreadCount> threads) {
    return new MetricsRecord.Resumed(
        done.epoch(),
        done.globalStep(),
        settings,
        threads.size() == 2
            ? Optional.of(
                new MetricsRecord.Threads(threads.get(0).threads(), threads.get(1).threads()))
            : Optional.empty());
  }

  private static MetricsRecord.ModelScores scores(ComparedModel model) {
    EvaluationCounts counts = model.counts();
    SelectionMetric metric = model.settings().metric();
    return new MetricsRecord.ModelScores(
        model.settings().split(),
        counts.share(counts.correct()),
        metric == SelectionMetric.ADVERSARIAL
            ? OptionalDouble.of(counts.share(counts.withstood()))
            : OptionalDouble.empty(),
        metric == SelectionMetric.TAPS
            ? OptionalDouble.of(counts.share(counts.latent()))
            : OptionalDouble.empty(),
        counts.share(counts.certified()),
        model.best().epoch(),
        OptionalDouble.of(model.best().value()));
  }
}
