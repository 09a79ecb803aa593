package dev.merlon.actors.training;

import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.Weights;
import java.util.Optional;

/**
 * Which of a run's models is its result.
 *
 * @param epoch at whose end it was, counted from 1
 * @param weights whether it is an average
 * @param choice how the models were compared, and the best of them; empty where they were not
 */
public record ModelOrigin(int epoch, Weights weights, Optional<Choice> choice) {

  /** How models were compared, and the best of them. */
  public record Choice(SelectionSettings settings, BestModel best) {}
}
