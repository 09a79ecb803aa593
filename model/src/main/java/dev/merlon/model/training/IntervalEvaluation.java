package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.PerturbationSet;

/** Counts what a network gets right and what interval bounds prove of it. */
final class IntervalEvaluation {
  private IntervalEvaluation() {}

  /** The counts of one batch {@code x [N, C, H, W]} with labels {@code int64 [N]}. */
  static EvaluationCounts of(LiveNetwork live, NDArray x, NDArray labels, PerturbationSet set) {
    NDArray oneHot = Margins.oneHot(labels, live.network().classes(), x.getDataType());
    NDArray correct = Concrete.logits(live, x).argMax(1).eq(labels);
    NDArray margins = BoxPropagation.over(live, x, set).marginLowerBounds(labels);
    NDArray certified = Margins.smallest(margins, oneHot).gt(0).logicalAnd(correct);
    return new EvaluationCounts(Math.toIntExact(labels.size()), count(correct), count(certified));
  }

  /** How many are true. */
  static int count(NDArray flags) {
    return Math.toIntExact(flags.toType(DataType.INT64, false).sum().getLong());
  }
}
