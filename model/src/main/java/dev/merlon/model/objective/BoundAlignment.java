package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scalars;
import java.util.List;

/**
 * Bound alignment of CURE: the divergence {@code KL(softmax(d_q) || softmax(d_r))} of the bound
 * differences {@code d = -margins} under the harder norm {@code q} from those under another norm
 * {@code r}, over the samples that are certified under {@code q}. Gradients flow through both.
 */
public final class BoundAlignment {
  private BoundAlignment() {}

  /**
   * The sum over the other norms of the mean divergence over the certified samples; a constant 0
   * where there is none.
   *
   * @param margins margin bounds under {@code q}, {@code [N, K]} with 0 in the label's column
   * @param others margin bounds under each other norm, of the same shape
   * @param certified which samples are certified under {@code q}, boolean {@code [N]}
   * @return a scalar
   */
  public static NDArray loss(NDArray margins, List<NDArray> others, NDArray certified) {
    long count = certified.toType(DataType.INT64, false).sum().getLong();
    if (count == 0) {
      return margins.stopGradient().sum().zerosLike();
    }
    NDArray mask = certified.toType(margins.getDataType(), false);
    return others.stream()
        .map(other -> Scalars.over(divergence(margins, other).mul(mask).sum(), (double) count))
        .reduce(NDArray::add)
        .orElseThrow(() -> new IllegalArgumentException("there is no other norm to align with"));
  }

  // Per sample, [N].
  private static NDArray divergence(NDArray margins, NDArray other) {
    NDArray log = margins.neg().logSoftmax(1);
    return log.exp().mul(log.sub(other.neg().logSoftmax(1))).sum(new int[] {1});
  }
}
