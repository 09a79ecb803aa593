package dev.merlon.model.verify.specification;

import dev.merlon.model.norm.PerturbationSet;

/**
 * An input and everything that an adversary makes of it.
 *
 * @param x flat in the network's {@code [C,H,W]} order; shared, nobody writes to it
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; never compared.
public record Neighbourhood(float[] x, PerturbationSet set) {}
