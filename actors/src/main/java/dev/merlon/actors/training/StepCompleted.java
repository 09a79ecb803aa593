package dev.merlon.actors.training;

import dev.merlon.model.optimize.Phase;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import java.time.Duration;
import java.util.Optional;

/**
 * A step whose update is in the weights.
 *
 * @param phase what the schedules said about it
 * @param elapsed from the start of its search to its update, without waiting for its turn
 * @param state everything the next step depends on, where a snapshot was due
 */
record StepCompleted(
    Phase phase,
    StepLosses losses,
    StepReport update,
    Duration elapsed,
    Optional<LearnerState> state) {

  /** The same step with another state. */
  StepCompleted with(LearnerState other) {
    return new StepCompleted(phase, losses, update, elapsed, Optional.of(other));
  }
}
