package dev.merlon.model.training;

/**
 * What an update did.
 *
 * @param gradientNorm Euclidean norm of the whole gradient before clipping
 * @param updates updates made so far, this one included
 */
public record StepReport(double gradientNorm, long updates) {}
