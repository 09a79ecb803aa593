package dev.merlon.model.measure;

/**
 * What was measured on and how hard: measures are comparable where this is equal.
 *
 * @param data digest of the sample
 * @param images size of the sample
 * @param attackSteps gradient steps of the attack
 * @param attackRestarts random starts of the attack
 */
public record MeasureBasis(String data, int images, int attackSteps, int attackRestarts) {}
