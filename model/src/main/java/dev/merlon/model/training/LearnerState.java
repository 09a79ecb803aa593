package dev.merlon.model.training;

import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;

/**
 * Everything of a learner that the next step depends on, in Java memory.
 *
 * @param values weights and statistics
 * @param optimizer state of the optimiser
 */
public record LearnerState(ParameterValues values, Adam.State optimizer) {}
