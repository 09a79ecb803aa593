package dev.merlon.actors.event;

import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.EvaluationCounts;

/**
 * What the model at the end of an epoch reached on the images that models are compared on.
 *
 * @param settings how they are compared
 * @param epoch counted from 1
 * @param best the best model, this one included
 */
public record ComparedModel(
    SelectionSettings settings, int epoch, EvaluationCounts counts, BestModel best) {

  /** Whether it is better than every one before. */
  public boolean isBest() {
    return best.epoch() == epoch;
  }
}
