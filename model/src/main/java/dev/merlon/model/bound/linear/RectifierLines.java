package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;

/**
 * Lines around rectifiers {@code max(z, 0) + slope min(z, 0)}. Where {@code l >= 0} both are the
 * identity, where {@code u <= 0} both have the rectifier's slope, between them the upper line joins
 * the corners and the lower one runs through 0. Gradients flow through the bounds; the choice of a
 * line is a constant.
 */
public final class RectifierLines {
  private RectifierLines() {}

  /**
   * The lines over these bounds, owned by {@code scope}.
   *
   * @param slope of the rectifiers below 0, in {@code [0, 1)}
   */
  public static Lines of(Box preActivation, double slope, LowerSlope rule, Scope scope) {
    try (Scope work = scope.child("rectifier lines")) {
      NDArray lower = work.view(preActivation.lower());
      NDArray upper = work.view(preActivation.upper());
      DataType type = lower.getDataType();
      NDArray active = lower.gte(0).toType(type, false);
      NDArray unstable = unstable(lower, upper).toType(type, false);
      NDArray width = upper.sub(lower).mul(unstable).add(unstable.neg().add(1));
      NDArray flattest = active.add(Scalars.times(Scalars.oneMinus(active), slope));
      NDArray steeper = Scalars.times(upper.mul(unstable).div(width), 1 - slope);
      NDArray chord = steeper.add(flattest);
      NDArray below = Scalars.atMost(rule.of(lower, upper, chord, slope), 1).mul(unstable);
      NDArray intercept = steeper.mul(lower).neg().add(rounding(width.mul(unstable)));
      return new Lines(
          scope.adopt(below.add(flattest.mul(Scalars.oneMinus(unstable)))),
          Optional.empty(),
          scope.adopt(chord),
          scope.adopt(intercept));
    }
  }

  // The chord as computed is a line above the rectifier once it is raised by a few roundings of
  // slope times end. Float32 is for training, where no proof hangs on it.
  private static NDArray rounding(NDArray width) {
    return Scalars.times(width, width.getDataType() == DataType.FLOAT64 ? 0x1p-49 : 0);
  }

  /** Which rectifiers can be on either side of 0, as booleans. */
  public static NDArray unstable(NDArray lower, NDArray upper) {
    return lower.lt(0).logicalAnd(upper.gt(0));
  }
}
