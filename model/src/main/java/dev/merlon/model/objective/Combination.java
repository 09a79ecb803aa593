package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.objective.TapsSettings;
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

  /** The mean over the batch of the first term, which most plans have alone. */
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
   * {@code first^(1-share) second^share} of the terms' means, as the code of its authors and
   * CTBench have it (EXP-IBP).
   *
   * @param share {@code a}, in {@code [0, 1]}
   */
  record Geometric(double share) implements Combination {
    // Far below any loss that is not 0 to begin with; keeps the logarithm a number.
    private static final double TINY = 1e-30;

    @Override
    public NDArray of(List<NDArray> perSample) {
      NDArray first = Scalars.times(logarithm(perSample.get(0)), 1 - share);
      return first.add(Scalars.times(logarithm(perSample.get(1)), share)).exp();
    }

    private static NDArray logarithm(NDArray perSample) {
      return Scalars.atLeast(perSample.mean(), TINY).log();
    }
  }

  /**
   * The product of two terms, whose gradient weighs them differently: {@code first * b da + second
   * * a db} for terms {@code a} and {@code b}. The value is the plain product.
   *
   * @param first weight of the first term's gradient, 0 or more
   * @param second weight of the second term's gradient, 0 or more
   * @param perSample whether the losses of each sample are multiplied and then averaged, or the
   *     batch's means multiplied
   */
  record Product(double first, double second, boolean perSample) implements Combination {
    @Override
    public NDArray of(List<NDArray> losses) {
      NDArray a = perSample ? losses.get(0) : losses.get(0).mean();
      NDArray b = perSample ? losses.get(1) : losses.get(1).mean();
      NDArray ofFirst = Scalars.times(gradientOnly(a).mul(b.stopGradient()), first);
      NDArray ofSecond = Scalars.times(gradientOnly(b).mul(a.stopGradient()), second);
      return a.stopGradient().mul(b.stopGradient()).add(ofFirst).add(ofSecond).mean();
    }

    // 0 with the derivative of what it is given.
    private static NDArray gradientOnly(NDArray x) {
      return x.sub(x.stopGradient());
    }
  }

  /** TAPS's combination of the latent loss (first) and the interval loss (second). */
  static Combination taps(TapsSettings taps) {
    return switch (taps.combination()) {
      case PRODUCT -> product(taps, false);
      case PRODUCT_PER_SAMPLE -> product(taps, true);
      case LATENT -> new Mean();
    };
  }

  private static Combination product(TapsSettings taps, boolean perSample) {
    double weight = taps.weight();
    return switch (taps.scale()) {
      case CTBENCH -> new Product(weight, 1, perSample);
      // 2a and 2 - 2a with w = a / (1 - a), where an infinite weight is a = 1.
      case PAPER -> new Product(2 - 2 / (1 + weight), 2 / (1 + weight), perSample);
    };
  }
}
