package dev.merlon.model.norm;

/**
 * Affine functions of a cell's parameters around which the images of one input lie: pixel {@code i}
 * is {@code center[i] + u_1 generators[0][i] + u_2 generators[1][i] + ...} up to {@code error[i]},
 * where {@code u_k} in {@code [-1,1]} is parameter {@code k}, seen from the middle of its interval.
 *
 * @param center flat
 * @param generators one for each parameter, flat
 * @param error at least 0, flat; rounding of whatever computed these numbers is in it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
public record AffineImage(double[] center, double[][] generators, double[] error) {}
