package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.random.RandomGenerator;

/**
 * A norm that perturbations are measured with, in the un-normalised input space. Implementations
 * are stateless; tensors they return attach to the scope of their first argument.
 */
public interface Norm {
  /**
   * The norm of this name.
   *
   * @throws dev.merlon.config.MerlonException (configuration) when there is none
   */
  static Norm of(String name) {
    return Norms.named(name);
  }

  /** Its name in configuration and results: {@code linf}, {@code l2}. */
  String name();

  /** Whether its balls are axis-aligned boxes, so that a box loses nothing. */
  default boolean ballIsBox() {
    return false;
  }

  /**
   * The dual norm of each row: {@code max <a, d>} over perturbations {@code d} of norm at most 1.
   *
   * @param rows {@code [..., D]}
   * @return {@code [...]}
   */
  NDArray dualNorm(NDArray rows);

  /**
   * The dual norm of each row of a layer's matrix, from the layer's geometry; shape of the layer's
   * result with batch axis 1.
   */
  NDArray dualNorm(LayerRows rows);

  /**
   * The nearest point of the ball of radius {@code eps} around 0, per sample.
   *
   * @param perturbation {@code [N, ...]}
   */
  NDArray project(NDArray perturbation, double eps);

  /**
   * The direction of unit norm along which a linear function grows fastest, per sample; zero where
   * the gradient is.
   *
   * @param gradient {@code [N, ...]}
   */
  NDArray steepest(NDArray gradient);

  /**
   * The length of a full attack step at each sample, to be multiplied with {@link #steepest}.
   *
   * @param halfWidth half width of the set's box, {@code [N, ...]}
   * @param eps radius of the ball
   * @return {@code eps} for every element; for the maximum norm the half width
   */
  default NDArray stepWidth(NDArray halfWidth, double eps) {
    return Scalars.times(halfWidth.onesLike(), eps);
  }

  /** A random perturbation of norm at most {@code eps} for each of {@code shape[0]} samples. */
  NDArray randomStart(
      RandomGenerator random, Scope scope, DataType type, double eps, long... shape);

  /** The norm of a perturbation, in float64. */
  double measure(double[] perturbation);

  /** The rows of an affine layer's matrix, as seen from the perturbation's space. */
  interface LayerRows {
    /**
     * Sum over each row of the q-th powers of the absolute entries, {@code [1, ...]}.
     *
     * @param q 1 or 2
     */
    NDArray powerSum(int q);

    /** Largest absolute entry of each row, {@code [1, ...]}. */
    NDArray maximum();
  }
}
