package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;

/**
 * Where an attack on the samples of a batch searches, and how it moves there. A position is a point
 * of the set itself, or what leads to one, such as parameters; there is one for each sample, {@code
 * [N, ...]}. Its tensors live in the scope of the samples it was made for.
 */
public interface AttackSpace {

  /** Where random start positions come from. */
  @FunctionalInterface
  interface Draws {
    /**
     * The next perturbation of norm at most 1 for each sample.
     *
     * @param shape {@code [N, ...]}
     */
    NDArray unit(Norm norm, Scope work, DataType type, Shape shape);
  }

  /** The positions at which the samples are what they are. */
  NDArray origin();

  /** The points that positions lead to, {@code [N, C, H, W]}; gradients flow through. */
  NDArray points(NDArray positions);

  /** The parameters of positions, {@code [N, P]}, where the set has parameters. */
  Optional<NDArray> parameters(NDArray positions);

  /**
   * A random position for each sample.
   *
   * @param inside whether it is one of the set; otherwise it may lie a little outside where {@code
   *     [0,1]} clips the set
   */
  NDArray start(Draws draws, boolean inside, Scope work);

  /** The positions from which a search near points of any kind starts, in the points' scope. */
  NDArray near(NDArray points);

  /**
   * The next positions of a projected gradient step, in {@code work}.
   *
   * @param gradient of what is maximised, at {@code positions}
   * @param size share of a full step
   */
  NDArray next(NDArray positions, NDArray gradient, double size, Scope work);

  /** The nearest positions of the set, or near ones, in {@code work}. */
  NDArray project(NDArray candidates, Scope work);

  /** The parts of an adaptive attack. */
  List<AdaptiveSteps.Phase> phases();

  /** The space around the same samples whose radius is a multiple of this one's. */
  AttackSpace times(int radius);

  /**
   * The step rule of one run of an adaptive attack in this space.
   *
   * @param updates gradient steps, at least 1
   * @param moved in how many entries each start differs from the origin, where an earlier run of a
   *     larger radius ended there
   */
  AdaptiveSteps adaptiveSteps(int updates, Optional<double[]> moved);
}
