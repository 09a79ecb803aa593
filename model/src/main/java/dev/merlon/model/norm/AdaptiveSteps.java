package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The step rule of one run of an adaptive attack, for all samples of a batch: how far and where
 * each of them goes next, and when it returns to its best point. Stateful; not thread-safe.
 */
public interface AdaptiveSteps {
  /**
   * The next move of each sample from its point, before projection: a direction of ascent of unit
   * norm times the sample's step size.
   *
   * @param gradient of what is maximised, {@code [N, ...]}
   * @param work scope of the result
   */
  NDArray move(NDArray gradient, Scope work);

  /** Share of the projected move in a step that is not the first; the rest is the step before. */
  double share();

  /**
   * Takes note of an iterate and adapts. Called once for the start and once after each step.
   *
   * @return for each sample, whether it goes on from its best point instead of this iterate
   */
  boolean[] settle(Progress progress);

  /**
   * What a run is about.
   *
   * @param eps radius of the ball, above 0 unless nothing can move
   * @param steps gradient steps, at least 1
   * @param samples {@code N}
   * @param entries of one sample
   * @param moved in how many entries each start differs from its sample, where an earlier run of a
   *     larger radius ended there
   */
  record Run(double eps, int steps, int samples, int entries, Optional<double[]> moved) {}

  /**
   * An iterate.
   *
   * @param losses of the iterate, {@code [N]}
   * @param best highest losses of the run so far, this iterate's among them, {@code [N]}
   * @param moved in how many entries the best points differ from their samples, {@code [N]}
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Progress(double[] losses, double[] best, Supplier<double[]> moved) {}

  /**
   * A part of an attack, which goes on where the part before found its highest loss.
   *
   * @param radius of its ball, as a multiple of the set's
   * @param percent of all steps
   */
  record Phase(int radius, int percent) {}

  /** Numbers of samples as a tensor that broadcasts over {@code like}, {@code [N, 1, ...]}. */
  static NDArray perSample(double[] values, NDArray like, Scope work) {
    return work.tensor(values, like.getDataType(), ones(like).getShape());
  }

  private static Shape ones(NDArray like) {
    long[] shape = new long[like.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[0] = like.getShape().get(0);
    return new Shape(shape);
  }
}
