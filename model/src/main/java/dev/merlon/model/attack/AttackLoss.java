package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.tensor.Scalars;

/** What an adaptive attack raises. */
enum AttackLoss {
  /** The cross-entropy. */
  CROSS_ENTROPY {
    @Override
    NDArray of(NDArray logits, NDArray label, NDArray target) {
      return Margins.logitCrossEntropy(logits, label);
    }
  },
  /**
   * The difference of logits ratio (Croce and Hein 2020, equation 6): how far the best other class
   * is ahead of the label, divided by the distance of the largest and the third largest logit.
   * Neither a shift nor a scale of the logits changes it. For three classes or more.
   */
  LOGITS_RATIO {
    @Override
    NDArray of(NDArray logits, NDArray label, NDArray target) {
      NDArray sorted = sorted(logits);
      NDArray ahead = Margins.smallest(Margins.of(logits, label), label).neg();
      return ahead.div(column(sorted, 0).sub(column(sorted, 2)).add(TINY));
    }
  },
  /**
   * The targeted difference of logits ratio (equation 7): how far the target is ahead of the label,
   * divided by the distance of the largest logit and the mean of the third and fourth. For four
   * classes or more.
   */
  TARGETED_LOGITS_RATIO {
    @Override
    NDArray of(NDArray logits, NDArray label, NDArray target) {
      NDArray sorted = sorted(logits);
      NDArray ahead = logits.mul(target.sub(label)).sum(new int[] {1});
      NDArray rest = Scalars.times(column(sorted, 2).add(column(sorted, 3)), 0.5);
      return ahead.div(column(sorted, 0).sub(rest).add(TINY));
    }
  };

  /** Classes that all losses need. */
  static final int FEWEST_CLASSES = 4;

  // Against a division by 0 where logits are equal.
  private static final double TINY = 1e-12;

  /**
   * The loss of each sample, {@code [N]}.
   *
   * @param logits {@code [N, K]}
   * @param label indicator of the labels, {@code [N, K]}
   * @param target indicator of the classes that a targeted loss heads for, {@code [N, K]}
   */
  abstract NDArray of(NDArray logits, NDArray label, NDArray target);

  private static NDArray sorted(NDArray logits) {
    return logits.gather(logits.stopGradient().argSort(1, false), 1);
  }

  private static NDArray column(NDArray sorted, int number) {
    return sorted.get(":," + number);
  }
}
