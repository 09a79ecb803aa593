package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;

/**
 * Margin bounds by backward linear bounds: CROWN-IBP and CROWN. Everything but the result is freed
 * before they return; under recording, gradients flow to weights, statistics and boxes.
 */
public final class Crown {
  private Crown() {}

  /**
   * CROWN-IBP over perturbation sets.
   *
   * @param trace boxes of all values over the perturbation sets
   * @param x {@code [N, C, H, W]} in the un-normalised input space
   * @param labels {@code int64 [N]}
   * @return {@code [N, K]} lower bounds of {@code f_y - f_j}, exactly 0 in the label's column; in
   *     the scope of {@code x}
   */
  public static NDArray crownIbp(
      BoxTrace trace, NDArray x, NormBall set, NDArray labels, CrownOptions options) {
    return crownIbp(trace, InputSet.around(x, set), labels, options);
  }

  /**
   * CROWN-IBP.
   *
   * @param trace boxes of all values over the input sets
   * @param labels {@code int64 [N]}
   * @return as above, in the scope of the sets' points
   */
  public static NDArray crownIbp(
      BoxTrace trace, InputSet input, NDArray labels, CrownOptions options) {
    try (CrownBounds bounds = CrownBounds.overBoxes(trace, input, options)) {
      return bounds.marginLowerBounds(labels);
    }
  }

  /**
   * CROWN over perturbation sets.
   *
   * @param x {@code [N, C, H, W]} in the un-normalised input space
   * @param labels {@code int64 [N]}
   * @return as {@link #crownIbp}
   */
  public static NDArray crown(
      LiveNetwork live, NDArray x, NormBall set, NDArray labels, CrownOptions options) {
    return crown(live, InputSet.around(x, set), labels, options);
  }

  /**
   * CROWN.
   *
   * @param labels {@code int64 [N]}
   * @return as {@link #crownIbp}
   */
  public static NDArray crown(
      LiveNetwork live, InputSet input, NDArray labels, CrownOptions options) {
    try (CrownBounds bounds = CrownBounds.of(live, input, options)) {
      return bounds.marginLowerBounds(labels);
    }
  }
}
