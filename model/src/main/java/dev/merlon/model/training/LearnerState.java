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
 * @param branch the natural branch beside it; empty where none has begun
 */
public record LearnerState(
    ParameterValues values,
    Adam.State optimizer,
    Optional<AverageState> average,
    Optional<NaturalBranch> branch) {

  /** The state of a learner that averages nothing. */
  public LearnerState(ParameterValues values, Adam.State optimizer) {
    this(values, optimizer, Optional.empty());
  }

  /** The state of a learner without a natural branch. */
  public LearnerState(
      ParameterValues values, Adam.State optimizer, Optional<AverageState> average) {
    this(values, optimizer, average, Optional.empty());
  }

  /** The same with a natural branch beside it. */
  public LearnerState with(Optional<NaturalBranch> other) {
    return new LearnerState(values, optimizer, average, other);
  }

  /** The same with other weights and statistics. */
  public LearnerState with(ParameterValues other) {
    return new LearnerState(other, optimizer, average, branch);
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
