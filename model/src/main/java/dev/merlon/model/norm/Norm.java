package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A norm that perturbations are measured with, in the un-normalised input space. Implementations
 * are stateless; tensors they return attach to the scope of their first argument.
 */
public interface Norm extends KnownNorm {
  /**
   * The norm of this name.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) when there is none
   */
  static Norm of(String name) {
    return Norms.named(name);
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
   * result with a batch axis of 1 or, where rows differ by sample, of all samples.
   */
  NDArray dualNorm(LayerRows rows);

  /**
   * Whether {@link #dualNorm(LayerRows)} is smaller where perturbations can go along fewer entries,
   * so that each side of a layer's values is worth a bound of its own.
   */
  default boolean boundsSides() {
    return false;
  }

  /**
   * The nearest point of the ball of radius {@code eps} around 0, per sample.
   *
   * @param perturbation {@code [N, ...]}
   */
  NDArray project(NDArray perturbation, double eps);

  /**
   * A point of the ball around {@code x} that lies in {@code [0,1]^d}, per sample: where there is
   * no better way, the nearest point of the ball, clipped.
   *
   * @param x {@code [N, ...]} in {@code [0,1]}
   * @param candidate of the same shape
   */
  default NDArray projectClipped(NDArray x, NDArray candidate, double eps) {
    return Scalars.within(x.add(project(candidate.sub(x), eps)), 0, 1);
  }

  /**
   * The minimum of linear functions {@code <a, d>} over perturbations in the ball and in a box,
   * where this norm knows how to find it: exact but for rounding, and otherwise a lower bound.
   * Without that, the better of the minima over ball and box is the bound.
   *
   * @param lowest lower corner of the box, at most 0, {@code [N, D]}
   * @param highest upper corner of the box, at least 0, {@code [N, D]}
   * @return {@code [N, R]}
   */
  default Optional<NDArray> minimumWithin(Rows rows, NDArray lowest, NDArray highest, double eps) {
    return Optional.empty();
  }

  /**
   * The direction of unit norm along which a linear function grows fastest, per sample; zero where
   * the gradient is.
   *
   * @param gradient {@code [N, ...]}
   */
  NDArray steepest(NDArray gradient);

  /**
   * The direction of unit norm in which an attack steps, per sample: {@link #steepest}, unless that
   * moves too few coordinates to be of use.
   *
   * @param gradient of what is maximised at {@code point}, {@code [N, ...]}
   * @param point where the attack is
   * @param clip whether the point has to stay in {@code [0,1]}
   */
  default NDArray attackDirection(NDArray gradient, NDArray point, boolean clip) {
    return steepest(gradient);
  }

  /**
   * The length of a full attack step at each sample, to be multiplied with {@link
   * #attackDirection}.
   *
   * @param halfWidth half width of the set's box, {@code [N, ...]}
   * @param eps radius of the ball
   * @return {@code eps} for every element; for the maximum norm the half width
   */
  default NDArray stepWidth(NDArray halfWidth, double eps) {
    return Scalars.times(halfWidth.onesLike(), eps);
  }

  /** The parts of an adaptive attack, whose shares make up all steps; the last has radius 1. */
  default List<AdaptiveSteps.Phase> adaptivePhases() {
    return List.of(new AdaptiveSteps.Phase(1, 100));
  }

  /** The step rule of one run of an adaptive attack: by default that of APGD. */
  default AdaptiveSteps adaptiveSteps(AdaptiveSteps.Run run) {
    return new HalvingSteps(this, run);
  }

  /** A random perturbation of norm at most {@code eps} for each of {@code shape[0]} samples. */
  NDArray randomStart(
      RandomGenerator random, Scope scope, DataType type, double eps, long... shape);

  /**
   * How linear programs describe a ball, where they can.
   *
   * @param clip whether only its part in {@code [0,1]^d} is meant
   */
  default Optional<LinearRegion.Description> linearDescription(double eps, boolean clip) {
    return Optional.empty();
  }

  /** The norm of a perturbation, in float64. */
  double measure(double[] perturbation);

  /**
   * The rows of an affine layer's matrix, as seen from the perturbation's space; for a bound on one
   * side only those entries count along which the perturbation can go.
   */
  interface LayerRows {
    /**
     * Sum over each row of the q-th powers of the absolute entries, {@code [N or 1, ...]}.
     *
     * @param q 1 or 2
     */
    NDArray powerSum(int q);

    /** At least the largest absolute entry of each row that counts, {@code [1, ...]}. */
    NDArray maximum();
  }
}
