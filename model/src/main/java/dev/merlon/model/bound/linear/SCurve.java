package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scalars;

/**
 * A bounded increasing function {@code f}, convex below 0 and concave above, that is its own mirror
 * image: {@code f(-x) = sum - f(x)}. Slope and curvature keep their relative precision far from 0.
 */
enum SCurve {
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID(1) {
    @Override
    NDArray value(NDArray x) {
      return Scalars.sigmoid(x);
    }

    @Override
    NDArray slope(NDArray x) {
      return Scalars.sigmoid(x).mul(Scalars.sigmoid(x.neg()));
    }

    @Override
    NDArray curvature(NDArray x) {
      return slope(x).mul(Scalars.sigmoid(x.neg()).sub(Scalars.sigmoid(x)));
    }
  },
  /** Hyperbolic tangent; {@code tanh'(x) = 4 sigmoid(2x) sigmoid(-2x)}. */
  TANH(0) {
    @Override
    NDArray value(NDArray x) {
      return Scalars.tanh(x);
    }

    @Override
    NDArray slope(NDArray x) {
      NDArray twice = x.add(x);
      return Scalars.times(Scalars.sigmoid(twice).mul(Scalars.sigmoid(twice.neg())), 4);
    }

    @Override
    NDArray curvature(NDArray x) {
      return Scalars.times(value(x).mul(slope(x)), -2);
    }
  };

  private final double sum;

  SCurve(double sum) {
    this.sum = sum;
  }

  /** {@code f(x) + f(-x)}. */
  double sum() {
    return sum;
  }

  /** {@code f(x)} per element. */
  abstract NDArray value(NDArray x);

  /** {@code f'(x)} per element. */
  abstract NDArray slope(NDArray x);

  /** {@code f''(x)} per element. */
  abstract NDArray curvature(NDArray x);
}
