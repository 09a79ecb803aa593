package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;

/**
 * How the gradient of a point found in a box passes to the box's ends (TAPS, Mao et al. 2023,
 * section 3.3), each coordinate by itself: {@code dz/dl = max(0, 1 - (z - l) / (c (u - l)))} and
 * {@code dz/du = max(0, 1 - (u - z) / (c (u - l)))}. A large constant lets both ends take part
 * everywhere, 0 is the limit in which only a point at an end passes its gradient on. Both are 0.5
 * where the box has no width.
 *
 * @param constant {@code c} in {@code [0, 1]}
 */
record GradientConnector(double constant) {
  // CTBench's: widths below it count as none.
  private static final double TOLERANCE = 1e-5;

  static GradientConnector of(TapsSettings taps) {
    return new GradientConnector(
        switch (taps.connector()) {
          case RECTIFIED_LINEAR -> taps.connectorConstant();
          case LINEAR -> 1;
          case BINARY -> 0;
        });
  }

  /**
   * The same points, through which gradients flow to the ends of the box.
   *
   * @param points {@code [N, P, ...]} in the box, without gradient
   * @param box {@code [N, ...]}
   * @param scope that owns the result
   */
  NDArray connected(NDArray points, Box box, Scope scope) {
    try (Scope work = scope.child("connector")) {
      NDArray lower = work.view(box.lower()).expandDims(1);
      NDArray upper = work.view(box.upper()).expandDims(1);
      NDArray point = work.constant(points);
      Shares shares = Autograd.withoutGradients(() -> shares(lower, point, upper));
      NDArray fromLower = withValueZero(lower).mul(shares.lower());
      NDArray fromUpper = withValueZero(upper).mul(shares.upper());
      return scope.adopt(point.add(fromLower).add(fromUpper));
    }
  }

  private static NDArray withValueZero(NDArray end) {
    return end.sub(end.stopGradient());
  }

  /** Derivatives of a point by both ends, {@code [N, P, ...]}. */
  private record Shares(NDArray lower, NDArray upper) {}

  private Shares shares(NDArray lower, NDArray point, NDArray upper) {
    NDArray reach = Scalars.times(upper.sub(lower), constant);
    NDArray ofLower = lower.add(reach).sub(point);
    NDArray ofUpper = point.sub(upper.sub(reach));
    return constant == 0 ? atEnds(ofLower, ofUpper) : rectified(ofLower, ofUpper, reach);
  }

  // As in CTBench's code: a point at the border of what an end reaches passes on half the
  // tolerance, one beyond it nothing.
  private static Shares rectified(NDArray ofLower, NDArray ofUpper, NDArray reach) {
    NDArray whole = Scalars.atLeast(reach, TOLERANCE);
    return new Shares(
        Scalars.atLeast(ofLower, TOLERANCE / 2).muli(reached(ofLower)).div(whole),
        Scalars.atLeast(ofUpper, TOLERANCE / 2).muli(reached(ofUpper)).div(whole));
  }

  private static Shares atEnds(NDArray ofLower, NDArray ofUpper) {
    NDArray lower = reached(ofLower);
    NDArray upper = reached(ofUpper);
    NDArray ends = Scalars.atLeast(lower.add(upper), 1);
    return new Shares(lower.div(ends), upper.div(ends));
  }

  private static NDArray reached(NDArray left) {
    return left.gte(0).toType(left.getDataType(), false);
  }
}
