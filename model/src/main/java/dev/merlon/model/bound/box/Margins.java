package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scalars;

/**
 * Margins {@code f_y - f_j} and the loss on their lower bounds. A margin tensor is {@code [N, K]}
 * with an exact 0 in the label's column, so that it is the literature's pseudo bound {@code (0,
 * -m)} up to sign and order.
 */
public final class Margins {
  private Margins() {}

  /** {@code [N, K]} indicator of the labels {@code int64 [N]}. */
  public static NDArray oneHot(NDArray labels, int classes, DataType type) {
    return labels.oneHot(classes, type);
  }

  /** Margins of logits {@code [N, K]}; {@code oneHot} marks the labels. */
  public static NDArray of(NDArray logits, NDArray oneHot) {
    NDArray ofLabel = logits.mul(oneHot).sum(new int[] {1}, true);
    return ofLabel.sub(logits).mul(oneHot.neg().add(1));
  }

  /**
   * Cross-entropy of the pseudo bound per sample, {@code log(1 + sum_j exp(-m_j))}; an upper bound
   * of the cross-entropy at every point that the bounds hold for.
   *
   * @param margins {@code [N, K]}
   * @return {@code [N]}
   */
  public static NDArray crossEntropy(NDArray margins, NDArray oneHot) {
    return margins.neg().logSoftmax(1).mul(oneHot).sum(new int[] {1}).neg();
  }

  /** Cross-entropy of logits {@code [N, K]} per sample, {@code [N]}. */
  public static NDArray logitCrossEntropy(NDArray logits, NDArray oneHot) {
    return logits.logSoftmax(1).mul(oneHot).sum(new int[] {1}).neg();
  }

  /**
   * The smallest margin bound of each sample over the other classes.
   *
   * @return {@code [N]}; a sample is certified when it is above 0
   */
  public static NDArray smallest(NDArray margins, NDArray oneHot) {
    return margins.add(Scalars.times(oneHot, 1e30)).min(new int[] {1});
  }
}
