package dev.merlon.model.bound.split;

/**
 * A lower bound of a linear function over a subproblem of an input set, and all that it was found
 * with, so that one backward pass in float64 with these numbers finds it again. Any slopes and
 * multipliers in their ranges give a sound bound; these are the ones that gave this bound. {@code
 * U} neurons are unstable over the bounds inside the network that it rests on, numbered from 0 in
 * the network's order. Immutable; the arrays are shared, nobody writes to them.
 *
 * @param splits as in {@link Subproblem#splits}: {@code n + 1} where neuron {@code n} is at least
 *     0, {@code -n - 1} where it is at most 0
 * @param slopes of the lower lines {@code [U]}; they count between the rectifier's own slope below
 *     0 and 1, and not at all for neurons that are split
 * @param multipliers of the splits, in their order; they count from 0
 * @param lower the bound
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; never compared.
public record ProvedSubproblem(int[] splits, double[] slopes, double[] multipliers, double lower) {}
