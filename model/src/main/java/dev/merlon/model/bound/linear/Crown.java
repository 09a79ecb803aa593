package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;

/**
 * Margin bounds by backward linear bounds: CROWN (Zhang et al. 2018) and CROWN-IBP (Zhang et al.
 * 2020).
 *
 * <p>A margin {@code m_j = z_y - z_j} is a linear function of the logits. Going backwards, an
 * affine layer {@code z = W h + b} turns coefficients {@code a} into {@code a W} and adds {@code a
 * b}; an unstable rectifier with operand in {@code [l, u]} is replaced, where its coefficient is
 * negative, by the chord {@code u (z - l) / (u - l)} above it, else by {@code s z} below it with
 * {@code s} 0 or 1 ({@link RectifierLines}). What arrives at the input is {@code m_j >= a^T x + b},
 * whose minimum over a box is {@code a^T c + b - |a|^T r}, over a ball {@code a^T x_0 + b - eps
 * |a|_*} in the dual norm. CROWN-IBP takes {@code l, u} of all operands from IBP, so that one pass
 * is enough; CROWN bounds the operands by passes of their own, layer after layer.
 *
 * <p>Everything but the result is freed before they return; under recording, gradients flow to
 * weights, statistics and boxes.
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
