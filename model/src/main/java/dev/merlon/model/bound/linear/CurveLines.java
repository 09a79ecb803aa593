package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;

/**
 * Lines around S-shaped activations (Zhang et al. 2018). The upper line is the chord where the
 * curve is convex or its upper end is steep, the tangent at the middle where the curve is concave,
 * and otherwise the line through the lower end that touches the curve above 0. The lower line is
 * the upper line of the mirrored interval, mirrored.
 *
 * <p>A line is sound for whatever slope {@code k} was found: its intercept is the largest {@code
 * f(x) - k x} over the interval, which lies at an end or where {@code f' = k} above 0, and is
 * raised by what rounding may cost. So a point of contact needs no proof. Gradients flow to the
 * bounds, through the point of contact too.
 */
final class CurveLines {
  private static final int HALVINGS = 14;
  private static final int NEWTON_STEPS = 4;
  // A point of contact is further out only below -1e16, where the line is flat for any purpose.
  private static final double FARTHEST_CONTACT = 40;
  private static final double ROUNDINGS = 8;

  private final SCurve curve;
  private final NDArray lower;
  private final NDArray upper;

  private CurveLines(SCurve curve, NDArray lower, NDArray upper) {
    this.curve = curve;
    this.lower = lower;
    this.upper = upper;
  }

  /** The lines over these bounds, owned by {@code scope}. */
  static Lines of(Box preActivation, SCurve curve, Scope scope) {
    try (Scope work = scope.child("curve lines")) {
      NDArray lower = work.view(preActivation.lower());
      NDArray upper = work.view(preActivation.upper());
      Line above = new CurveLines(curve, lower, upper).above();
      Line mirrored = new CurveLines(curve, upper.neg(), lower.neg()).above();
      return new Lines(
          scope.adopt(mirrored.slope()),
          Optional.of(scope.adopt(mirrored.intercept().neg().add(curve.sum()))),
          scope.adopt(above.slope()),
          scope.adopt(above.intercept()));
    }
  }

  private record Line(NDArray slope, NDArray intercept) {}

  private Line above() {
    NDArray atLower = curve.value(lower);
    NDArray atUpper = curve.value(upper);
    NDArray slopeAtUpper = curve.slope(upper);
    NDArray width = upper.sub(lower);
    NDArray narrow = width.lt(narrowest());
    NDArray chord = atUpper.sub(atLower).div(choose(narrow, width.onesLike(), width));
    NDArray convex = upper.lte(0).logicalOr(chord.lte(slopeAtUpper));
    NDArray byEnds = narrow.logicalOr(convex);
    NDArray contact = choose(lower.gte(0), middle(), contact());
    NDArray top = choose(byEnds, upper, contact);
    // The difference of two close values says little; on a narrow interval the flatter end's slope
    // loses next to nothing.
    NDArray flatter = curve.slope(lower).minimum(slopeAtUpper);
    NDArray slope = choose(narrow, flatter, choose(convex, chord, curve.slope(contact)));
    NDArray throughLower = atLower.sub(slope.mul(lower));
    NDArray throughTop = curve.value(top).sub(slope.mul(top));
    return new Line(slope, throughLower.maximum(throughTop).add(rounding(slope, top)));
  }

  private NDArray middle() {
    return Scalars.times(lower, 0.5).add(Scalars.times(upper, 0.5));
  }

  /**
   * Where the line through the lower end touches the curve, for intervals that cross 0; anything
   * for others. Its derivative is that of the equation it solves.
   */
  private NDArray contact() {
    NDArray l = lower.stopGradient();
    NDArray point = search(l, Scalars.atLeast(upper.stopGradient(), 0));
    NDArray rate =
        curve.slope(point).sub(curve.slope(l)).div(curve.curvature(point).mul(point.sub(l)));
    NDArray known = rate.abs().lt(Double.POSITIVE_INFINITY);
    return point.add(choose(known, rate, rate.zerosLike()).mul(lower.sub(l)));
  }

  // The excess f(d) + f'(d) (l - d) - f(l) of the tangent at d over the curve at l grows with d.
  private NDArray search(NDArray l, NDArray end) {
    NDArray low = end.zerosLike();
    NDArray high = Scalars.atMost(end.minimum(Scalars.atLeast(l.neg(), 0)), FARTHEST_CONTACT);
    NDArray atLower = curve.value(l);
    for (int i = 0; i < HALVINGS; i++) {
      NDArray half = Scalars.times(low.add(high), 0.5);
      NDArray over = excess(half, l, atLower).gte(0);
      high = choose(over, half, high);
      low = choose(over, low, half);
    }
    NDArray point = high;
    for (int i = 0; i < NEWTON_STEPS; i++) {
      NDArray growth = curve.curvature(point).mul(l.sub(point));
      NDArray next = point.sub(excess(point, l, atLower).div(growth));
      NDArray inside = next.gte(low).logicalAnd(next.lte(high));
      point = choose(inside, next, point);
    }
    return point;
  }

  private NDArray excess(NDArray d, NDArray l, NDArray atLower) {
    return curve.value(d).add(curve.slope(d).mul(l.sub(d))).sub(atLower);
  }

  private NDArray rounding(NDArray slope, NDArray top) {
    NDArray k = slope.stopGradient();
    NDArray largest = k.mul(lower.stopGradient()).abs().add(k.mul(top.stopGradient()).abs());
    return Scalars.times(largest.add(1), ROUNDINGS * ulp());
  }

  private boolean single() {
    return lower.getDataType() == DataType.FLOAT32;
  }

  private double ulp() {
    return single() ? Math.ulp(1f) : Math.ulp(1d);
  }

  private double narrowest() {
    return single() ? 1e-2 : 1e-5;
  }

  private static NDArray choose(NDArray condition, NDArray yes, NDArray no) {
    return NDArrays.where(condition, yes, no);
  }
}
