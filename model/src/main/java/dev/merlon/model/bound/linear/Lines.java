package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scalars;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Two lines around each activation of a layer over its pre-activation bounds (Zhang et al. 2018):
 * {@code lowerSlope * z + lowerIntercept <= f(z) <= upperSlope * z + upperIntercept}.
 *
 * @param lowerSlope {@code [N, ...]}
 * @param lowerIntercept {@code [N, ...]}; none where all lower lines run through 0
 * @param upperSlope {@code [N, ...]}
 * @param upperIntercept {@code [N, ...]}
 */
public record Lines(
    NDArray lowerSlope,
    Optional<NDArray> lowerIntercept,
    NDArray upperSlope,
    NDArray upperIntercept)
    implements Relaxation {

  /** The same lines in other places. */
  Lines map(UnaryOperator<NDArray> moved) {
    return new Lines(
        moved.apply(lowerSlope),
        lowerIntercept.map(moved),
        moved.apply(upperSlope),
        moved.apply(upperIntercept));
  }

  @Override
  public NDArray adjoint(NDArray a, LinearForm form) {
    // The rectifier's derivative takes one pass over the coefficients, a minimum's takes five.
    NDArray fall = Scalars.positivePart(a.neg());
    form.addConstant(Rows.flattened(fall).times(AffineMap.flatten(upperIntercept)).neg());
    lowerIntercept.ifPresent(
        intercept ->
            form.addConstant(Rows.flattened(a.add(fall)).times(AffineMap.flatten(intercept))));
    NDArray onAll = lowerSlope.expandDims(1);
    NDArray moreOnNegative = upperSlope.sub(lowerSlope).expandDims(1);
    return a.mul(onAll).sub(fall.mul(moreOnNegative));
  }
}
