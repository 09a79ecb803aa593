package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;

/**
 * Loss fusion (Xu et al. 2020): an upper bound of the cross-entropy {@code log sum_j exp(-m_j)}
 * over input sets by one backward row per sample instead of one per class.
 *
 * <p>Where margin {@code m_j} is between {@code l_j} and {@code u_j} by interval bounds, the chord
 * {@code exp(-l_j) + s_j (l_j - m_j)} with {@code s_j = (exp(-l_j) - exp(-u_j)) / (u_j - l_j)} is
 * above {@code exp(-m_j)}. The chords' sum is linear in the logits, so that a backward lower bound
 * {@code B} of {@code sum_j s_j m_j} gives
 *
 * <pre>sum_j exp(-m_j) &lt;= sum_j exp(-l_j) - (B - sum_j s_j l_j),</pre>
 *
 * the interval bound less what the row gains. Of that gain {@code share} counts, which mixes both
 * bounds of the sum, as auto_LiRPA does; with 0 it is the interval loss.
 */
public final class LossFusion {
  // Below this half width the chord's slope is the derivative up to rounding, and its own
  // derivative is lost in it.
  private static final double NARROW = 1e-6;

  // Where everything but rounding is gone; far below any bound that counts.
  private static final double SMALLEST = 1e-30;

  private LossFusion() {}

  /**
   * Upper bounds of the cross-entropy per sample, exact for sets of one point.
   *
   * @param trace boxes of all values over the input sets, which ignore rounding
   * @param labels {@code int64 [N]}
   * @param share what counts of the backward row's gain, in {@code [0, 1]}
   * @return {@code [N]}, in the scope of the sets' points; gradients flow through slopes, boxes and
   *     relaxations
   */
  public static NDArray crossEntropy(
      BoxTrace trace, InputSet input, NDArray labels, double share, CrownOptions options) {
    try (Scope work = Scope.within(input.point(), "fused loss")) {
      Box margins = trace.marginBox(labels).reshaped(work::view);
      NDArray lower = margins.lower();
      // The label's margin is 0, so that the largest term is at least 1: it becomes 1.
      NDArray shift = lower.stopGradient().neg().max(new int[] {1}, true);
      NDArray terms = lower.neg().sub(shift).exp();
      NDArray slopes = terms.mul(shrinkage(margins.radius()));
      NDArray backward = rowBound(trace, input.in(work), work.view(labels), slopes, options);
      NDArray gain = backward.sub(slopes.mul(lower).sum(new int[] {1}, true));
      NDArray sum = terms.sum(new int[] {1}, true).sub(Scalars.times(gain, share));
      NDArray loss = Scalars.atLeast(sum, SMALLEST).log().add(shift).squeeze(1);
      loss.attach(input.point().getManager());
      return loss;
    }
  }

  // Lower bounds of sum_j s_j (f_y - f_j), [N, 1].
  private static NDArray rowBound(
      BoxTrace trace, InputSet input, NDArray labels, NDArray slopes, CrownOptions options) {
    int classes = trace.live().network().classes();
    NDArray y = Margins.oneHot(labels, classes, slopes.getDataType());
    NDArray rows = slopes.sum(new int[] {1}, true).mul(y).sub(slopes).expandDims(1);
    try (CrownBounds bounds = CrownBounds.overBoxes(trace, input, options)) {
      return bounds.lower(trace.live().network().output().id(), rows);
    }
  }

  // (1 - exp(-2 h)) / (2 h) for h >= 0, without loss of digits for small h and finite for large.
  private static NDArray shrinkage(NDArray h) {
    NDArray narrow = h.lt(NARROW).toType(h.getDataType(), false);
    NDArray wide = Scalars.oneMinus(narrow);
    NDArray safe = h.mul(wide).add(narrow);
    NDArray tanh = Scalars.tanh(safe);
    return tanh.div(tanh.add(1).mul(safe)).mul(wide).add(narrow);
  }
}
