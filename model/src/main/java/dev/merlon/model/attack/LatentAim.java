package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.objective.TapsSettings.Estimator;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.tensor.Scope;
import java.util.stream.IntStream;

/** What the latent points of a batch are searched for, and the margins that are read off them. */
public sealed interface LatentAim {

  /** Points of each sample, {@code P}. */
  int points();

  /**
   * What each point is to maximise.
   *
   * @param logits {@code [N P, K]}, the points of a sample next to each other
   * @return {@code [N P]}
   */
  NDArray losses(NDArray logits);

  /**
   * The margins at the points.
   *
   * @param logits {@code [N P, K]}
   * @return {@code [N, K]}, exactly 0 in the label's column
   */
  NDArray margins(NDArray logits);

  /**
   * The aim of an estimator.
   *
   * @param labels {@code int64 [N]}
   * @param oneHot indicator of the labels, {@code [N, K]}
   * @param scope that owns its tensors
   */
  static LatentAim of(Estimator estimator, NDArray labels, NDArray oneHot, Scope scope) {
    return switch (estimator) {
      case MULTI -> new EveryMargin(labels, oneHot, scope);
      case SINGLE -> new HighestLoss(oneHot);
    };
  }

  /** A point for each other class {@code j}, in ascending order, of largest {@code f_j - f_y}. */
  final class EveryMargin implements LatentAim {
    private final int classes;
    private final NDArray ofLabel;
    private final NDArray ofOther;
    private final NDArray column;
    private final NDArray others;

    private EveryMargin(NDArray labels, NDArray oneHot, Scope scope) {
      this.classes = Math.toIntExact(oneHot.getShape().get(1));
      NDArray y = scope.constant(labels).reshape(-1, 1);
      NDArray point = count(classes - 1, scope);
      this.ofLabel = y.expandDims(1).broadcast(labels.size(), classes - 1, 1);
      this.ofOther = point.add(y.lte(point).toType(point.getDataType(), false)).expandDims(2);
      // Classes above the label have the point before their number; the label's own column is
      // overwritten.
      NDArray all = count(classes, scope);
      NDArray above = y.lte(all).logicalAnd(all.gt(0)).toType(all.getDataType(), false);
      this.column = all.sub(above);
      this.others = oneHot.neg().add(1);
    }

    private static NDArray count(int end, Scope scope) {
      return scope.labels(IntStream.range(0, end).toArray()).reshape(1, end);
    }

    @Override
    public int points() {
      return classes - 1;
    }

    @Override
    public NDArray losses(NDArray logits) {
      return ownMargins(logits).neg().reshape(-1);
    }

    @Override
    public NDArray margins(NDArray logits) {
      return ownMargins(logits).gather(column, 1).mul(others);
    }

    // Of each point the margin that it was searched for, [N, P].
    private NDArray ownMargins(NDArray logits) {
      NDArray perPoint = logits.reshape(-1, points(), classes);
      return perPoint.gather(ofLabel, 2).sub(perPoint.gather(ofOther, 2)).squeeze(2);
    }
  }

  /** One point, of largest cross-entropy. */
  final class HighestLoss implements LatentAim {
    private final NDArray oneHot;

    private HighestLoss(NDArray oneHot) {
      this.oneHot = oneHot;
    }

    @Override
    public int points() {
      return 1;
    }

    @Override
    public NDArray losses(NDArray logits) {
      return Margins.logitCrossEntropy(logits, oneHot);
    }

    @Override
    public NDArray margins(NDArray logits) {
      return Margins.of(logits, oneHot);
    }
  }
}
