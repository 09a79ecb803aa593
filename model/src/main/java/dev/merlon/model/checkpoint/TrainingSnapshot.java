package dev.merlon.model.checkpoint;

import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.LearnerState;
import java.util.Optional;

/**
 * Everything the next step of a run depends on. Immutable; shares its tensors with nobody who
 * changes them.
 *
 * @param identity whose run it is
 * @param cursor how far the run has come
 * @param learner weights, statistics and optimiser state after {@code cursor.globalStep()} updates
 * @param tally what the epoch at hand has added up
 * @param metricsBytes length of the metrics file up to here
 * @param best the best model compared so far; empty where none was
 */
public record TrainingSnapshot(
    RunIdentity identity,
    RunCursor cursor,
    LearnerState learner,
    EpochSums tally,
    long metricsBytes,
    Optional<BestModel> best) {}
