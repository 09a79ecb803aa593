package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;

/**
 * Statistics that a batch normalisation uses.
 *
 * @param mean {@code [channels]}
 * @param variance {@code [channels]}; of a batch the biased one
 */
public record BatchStatistics(NDArray mean, NDArray variance) {}
