package dev.merlon.actors.run;

import dev.merlon.config.SettingChange;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.model.training.BestModel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run writes down while it trains, one line each in {@link RunDirectory#metrics}. Empty is
 * what a line does not say, because it was not measured or the line is of an earlier version.
 */
public sealed interface MetricsRecord {

  /**
   * What steps and epochs have in common; means over their images or steps.
   *
   * @param loss whole loss per image
   * @param naturalAccuracy share of images classified rightly before their step's update
   * @param certifiedAccuracy share of images whose bounds in training were above 0
   * @param gradientNorm l2 norm of the whole gradient, before clipping
   * @param eps training radius, of an epoch's last step
   * @param learningRate likewise
   * @param seconds spent
   * @param imagesPerSecond rate
   */
  record Figures(
      double loss,
      double naturalAccuracy,
      double certifiedAccuracy,
      double gradientNorm,
      double eps,
      double learningRate,
      double seconds,
      double imagesPerSecond) {}

  /**
   * One step, now and then.
   *
   * @param epoch counted from 1
   * @param step updates of the run up to there
   * @param parts of its loss
   * @param robustWeight share of the robust part, in {@code [0, 1]}
   */
  record Step(int epoch, long step, Figures figures, LossParts parts, double robustWeight)
      implements MetricsRecord {}

  /**
   * The parts of a step's loss; regulariser and alignment as weighted.
   *
   * @param alignment of bounds; empty in lines from before there was one
   */
  record LossParts(double natural, double robust, double regulariser, OptionalDouble alignment) {}

  /**
   * A finished epoch.
   *
   * @param epoch counted from 1
   * @param step updates of the run up to there
   * @param compared what its model reached, where models are compared
   * @param merged natural and certified update, where they were merged
   */
  record Epoch(
      int epoch,
      long step,
      Figures figures,
      Optional<ModelScores> compared,
      Optional<MergedUpdates> merged)
      implements MetricsRecord {}

  /**
   * What a model reached on the images that models are compared on; shares of them.
   *
   * @param adversarial where models are compared by it
   * @param taps accuracy at latent points, where models are compared by it
   * @param bestEpoch the epoch of the best model so far
   * @param bestScore what that was compared by; empty in lines from before it was written
   */
  record ModelScores(
      SelectionSplit split,
      double natural,
      OptionalDouble adversarial,
      OptionalDouble taps,
      double certified,
      int bestEpoch,
      OptionalDouble bestScore) {

    /** Whether the best model's score tells it from others. */
    public boolean isChosen() {
      return bestScore.isEmpty() || new BestModel(bestEpoch, bestScore.getAsDouble()).isChosen();
    }
  }

  /**
   * The natural and the certified updates of an epoch, which were merged.
   *
   * @param cosines between both, by tensor, in the network's order
   * @param seconds that it took
   */
  record MergedUpdates(Map<String, Double> cosines, double seconds) {
    /** Copies the map. */
    public MergedUpdates {
      cosines = Collections.unmodifiableMap(new LinkedHashMap<>(cosines));
    }
  }

  /**
   * A run that goes on otherwise than before.
   *
   * @param epoch epochs that are done
   * @param step updates that are done
   * @param settings that differ
   * @param threads before and now, where they differ
   */
  record Resumed(int epoch, long step, List<SettingChange> settings, Optional<Threads> threads)
      implements MetricsRecord {
    /** Copies the list. */
    public Resumed {
      settings = List.copyOf(settings);
    }
  }

  /** A line about something else, such as a later version writes. */
  record Other(String event) implements MetricsRecord {}

  /** Another number of threads. */
  record Threads(int then, int now) {}
}
