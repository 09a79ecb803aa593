package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.TapsSettings;
import dev.merlon.model.tensor.Scalars;
import java.util.List;

/** How several robust terms, each a loss per sample, become one robust loss. */
public sealed interface Combination {

  /**
   * The combined loss.
   *
   * @param perSample losses of the terms in order, each {@code [N]}
   * @return a scalar
   */
  NDArray of(List<NDArray> perSample);

  /** The mean over the batch of the only term. */
  record Mean() implements Combination {
    @Override
    public NDArray of(List<NDArray> perSample) {
      return perSample.get(0).mean();
    }
  }

  /**
   * The weighted sum of the terms' means (CURE-Joint, MTL-IBP).
   *
   * @param weights one for each term
   */
  record Weighted(List<Double> weights) implements Combination {
    /** Copies the list. */
    public Weighted {
      weights = List.copyOf(weights);
    }

    @Override
    public NDArray of(List<NDArray> perSample) {
      NDArray sum = Scalars.times(perSample.get(0).mean(), weights.get(0));
      for (int i = 1; i < weights.size(); i++) {
        sum = sum.add(Scalars.times(perSample.get(i).mean(), weights.get(i)));
      }
      return sum;
    }
  }

  /** The mean of each sample's largest loss (CURE-Max). */
  record Largest() implements Combination {
    @Override
    public NDArray of(List<NDArray> perSample) {
      return perSample.stream().reduce(NDArray::maximum).orElseThrow().mean();
    }
  }

  /**
   * {@code first^(1-share) second^share} of each sample, then the mean (EXP-IBP).
   *
   * @param share {@code a}, in {@code [0, 1]}
   */
  record Geometric(double share) implements Combination {
    @Override
    public NDArray of(List<NDArray> perSample) {
      throw new IllegalStateException("to be built");
    }
  }

  /** TAPS's combination of the latent loss (first) and the interval loss (second). */
  static Combination taps(TapsSettings taps) {
    throw new IllegalStateException("to be built");
  }
}
