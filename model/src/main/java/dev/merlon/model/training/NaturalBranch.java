package dev.merlon.model.training;

import dev.merlon.model.network.ParameterValues;

/**
 * The natural branch of an epoch whose updates are projected (CURE, gradient projection).
 *
 * @param start weights and statistics that both branches began the epoch with
 * @param natural what natural training has made of them, with its own optimiser
 */
public record NaturalBranch(ParameterValues start, LearnerState natural) {}
