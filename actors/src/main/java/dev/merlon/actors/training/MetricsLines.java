package dev.merlon.actors.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.training.UpdateComparator.Comparison;
import dev.merlon.config.SelectionMetric;
import dev.merlon.config.SettingChange;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.ThreadCount;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.EvaluationCounts;
import dev.merlon.model.training.StepLosses;
import java.util.List;
import java.util.Optional;

/** The lines of {@code metrics.jsonl}: one of a step now and then, one of each epoch. */
final class MetricsLines {
  private MetricsLines() {}

  /** What one step measured; losses are means over its images. */
  static String step(StepCompleted step) {
    Phase phase = step.phase();
    StepLosses losses = step.losses();
    double seconds = step.elapsed().toNanos() / 1e9;
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("event", "step");
    line.put("epoch", phase.epoch() + 1);
    line.put("step", phase.globalStep() + 1);
    line.put("loss", losses.total());
    line.put("natural-loss", losses.natural());
    line.put("robust-loss", losses.robust());
    line.put("regulariser", losses.regulariser());
    line.put("alignment", losses.alignment());
    line.put("natural-accuracy", (double) losses.correct() / losses.size());
    line.put("certified-accuracy", (double) losses.certified() / losses.size());
    line.put("gradient-norm", step.update().gradientNorm());
    line.put("eps", phase.eps());
    line.put("robust-weight", phase.robustWeight());
    line.put("learning-rate", phase.learningRate());
    line.put("seconds", seconds);
    line.put("images-per-second", seconds > 0 ? losses.size() / seconds : 0);
    return line.toString();
  }

  /**
   * What an epoch came to; means over its images or steps. What its model reached on the images
   * that models are compared on is named after them, such as {@code validation-certified-accuracy}.
   * Where natural updates were merged, their cosine with the certified ones by tensor.
   */
  static String epoch(
      EpochMetrics metrics,
      double certifiedAccuracy,
      Optional<ComparedModel> compared,
      Optional<Comparison> comparison) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("event", "epoch");
    line.put("epoch", metrics.epoch());
    line.put("step", metrics.steps());
    line.put("loss", metrics.loss());
    line.put("natural-accuracy", metrics.naturalAccuracy());
    line.put("certified-accuracy", certifiedAccuracy);
    line.put("gradient-norm", metrics.gradientNorm());
    line.put("eps", metrics.eps());
    line.put("learning-rate", metrics.learningRate());
    line.put("seconds", metrics.elapsed().toNanos() / 1e9);
    line.put("images-per-second", metrics.imagesPerSecond());
    compared.ifPresent(model -> compared(line, model));
    comparison.ifPresent(updates -> compared(line, updates));
    return line.toString();
  }

  /**
   * A run that goes on otherwise than before.
   *
   * @param done how far it has come
   * @param settings that differ
   * @param threads before and now, where they differ
   */
  static String resumed(RunCursor done, List<SettingChange> settings, List<ThreadCount> threads) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("event", "resumed");
    line.put("epoch", done.epoch());
    line.put("step", done.globalStep());
    ObjectNode changed = line.putObject("settings");
    settings.forEach(
        change ->
            changed.putObject(change.key()).put("then", change.then()).put("now", change.now()));
    if (threads.size() == 2) {
      line.putObject("threads")
          .put("then", threads.get(0).threads())
          .put("now", threads.get(1).threads());
    }
    return line.toString();
  }

  private static void compared(ObjectNode line, Comparison updates) {
    ObjectNode cosines = line.putObject("update-cosines");
    updates.cosines().forEach(cosines::put);
    line.put("merge-seconds", updates.elapsed().toNanos() / 1e9);
  }

  private static void compared(ObjectNode line, ComparedModel model) {
    String split = model.settings().split().word();
    EvaluationCounts counts = model.counts();
    line.put(split + "-natural-accuracy", counts.share(counts.correct()));
    if (model.settings().metric() == SelectionMetric.ADVERSARIAL) {
      line.put(split + "-adversarial-accuracy", counts.share(counts.withstood()));
    }
    if (model.settings().metric() == SelectionMetric.TAPS) {
      line.put(split + "-taps-accuracy", counts.share(counts.latent()));
    }
    line.put(split + "-certified-accuracy", counts.share(counts.certified()));
    line.put("best-epoch", model.best().epoch());
    line.put("best-score", model.best().value());
  }
}
