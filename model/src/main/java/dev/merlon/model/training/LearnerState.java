package dev.merlon.model.training;

import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import java.util.Optional;

/**
 * Everything of a learner that the next step depends on, in Java memory.
 *
 * @param values weights and statistics
 * @param optimizer state of the optimiser
 * @param average average of the weights so far; empty where none has begun
 */
public record LearnerState(
    ParameterValues values, Adam.State optimizer, Optional<AverageState> average) {

  /** The state of a learner that averages nothing. */
  public LearnerState(ParameterValues values, Adam.State optimizer) {
    this(values, optimizer, Optional.empty());
  }

  /** Which weights are the result of training: the average, where it has begun. */
  public Weights resultWeights() {
    return average.isPresent() ? Weights.AVERAGED : Weights.TRAINED;
  }

  /** The values that are the result of training: the average, where it has begun. */
  public ParameterValues result() {
    return average.map(AverageState::values).orElse(values);
  }
}
