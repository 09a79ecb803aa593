package dev.merlon.model.checkpoint;

/**
 * How many threads a run's tensor operations had from a step on. Another number changes last bits.
 *
 * @param fromStep updates done before
 * @param threads at least 1
 */
public record ThreadCount(long fromStep, int threads) {}
