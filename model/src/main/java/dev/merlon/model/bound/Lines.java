package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scalars;
import java.util.Optional;

/**
 * Two lines around each activation of a layer over its pre-activation bounds (Zhang et al. 2018):
 * {@code lowerSlope * z + lowerIntercept <= f(z) <= upperSlope * z + upperIntercept}.
 *
 * @param lowerSlope {@code [N, ...]}
 * @param lowerIntercept {@code [N, ...]}; none where all lower lines run through 0
 * @param upperSlope {@code [N, ...]}
 * @param upperIntercept {@code [N, ...]}
 */
record Lines(
    NDArray lowerSlope,
    Optional<NDArray> lowerIntercept,
    NDArray upperSlope,
    NDArray upperIntercept)
    implements Relaxation {

  @Override
  public NDArray adjoint(NDArray a, LinearForm form) {
    NDArray negative = Scalars.atMost(a, 0);
    form.addConstant(Rows.flattened(negative).times(AffineMap.flatten(upperIntercept)));
    lowerIntercept.ifPresent(
        intercept ->
            form.addConstant(Rows.flattened(a.sub(negative)).times(AffineMap.flatten(intercept))));
    NDArray onPositive = lowerSlope.expandDims(1);
    NDArray extraOnNegative = upperSlope.sub(lowerSlope).expandDims(1);
    return a.mul(onPositive).add(negative.mul(extraOnNegative));
  }
}
