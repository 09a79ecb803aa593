package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scope;

/**
 * Two lines around each rectifier of a layer over its pre-activation bounds {@code [l, u]} (Zhang
 * et al. 2018): {@code lowerSlope * z <= relu(z) <= upperSlope * z + upperIntercept}. Where {@code
 * l >= 0} both are the identity, where {@code u <= 0} both are 0, between them the upper line joins
 * the corners. Gradients flow through the bounds; the choice of a line is a constant.
 *
 * @param lowerSlope {@code [N, ...]}
 * @param upperSlope {@code [N, ...]}
 * @param upperIntercept {@code [N, ...]}, at least 0
 */
record ReluRelaxation(NDArray lowerSlope, NDArray upperSlope, NDArray upperIntercept) {

  /** The lines for these bounds, owned by {@code scope}. */
  static ReluRelaxation of(Box preActivation, LowerSlope rule, Scope scope) {
    try (Scope work = scope.child("relaxation")) {
      NDArray lower = work.view(preActivation.lower());
      NDArray upper = work.view(preActivation.upper());
      DataType type = lower.getDataType();
      NDArray active = lower.gte(0).toType(type, false);
      NDArray unstable = unstable(lower, upper).toType(type, false);
      NDArray width = upper.sub(lower).mul(unstable).add(unstable.neg().add(1));
      NDArray chord = upper.mul(unstable).div(width);
      NDArray lowerSlope = rule.of(lower, upper, chord).mul(unstable).add(active);
      NDArray intercept = chord.mul(lower).neg();
      return new ReluRelaxation(
          scope.adopt(lowerSlope), scope.adopt(chord.add(active)), scope.adopt(intercept));
    }
  }

  /** Which rectifiers can be on either side of 0, as booleans. */
  static NDArray unstable(NDArray lower, NDArray upper) {
    return lower.lt(0).logicalAnd(upper.gt(0));
  }
}
