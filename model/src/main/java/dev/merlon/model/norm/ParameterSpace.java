package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The search among a set's parameters: positions are {@code [N, P]} in {@code [-1,1]}, the ends of
 * the parameters' intervals, and the steps are those of the maximum norm.
 */
final class ParameterSpace implements AttackSpace {
  private static final NormBall CUBE = new NormBall(new LInf(), 1, false);

  private final ParametricSet set;
  private final NDArray x;
  private final NDArray origin;
  private final NDArray middle;
  private final NDArray radius;
  private final AttackSpace cube;

  ParameterSpace(ParametricSet set, NDArray x, StepWidth measure) {
    this.set = set;
    this.x = x;
    Cell range = set.range();
    int width = range.parameters();
    double[] middles = new double[width];
    double[] radii = new double[width];
    double[] identity = new double[width];
    Arrays.setAll(middles, range::middle);
    Arrays.setAll(radii, range::radius);
    Arrays.setAll(identity, k -> (set.identity()[k] - middles[k]) / radii[k]);
    this.middle = AffineBatch.tensor(middles, x, x.getDataType(), 1, width);
    this.radius = AffineBatch.tensor(radii, x, x.getDataType(), 1, width);
    int samples = Math.toIntExact(x.getShape().get(0));
    double[] zeros = new double[samples * width];
    double[] each = new double[samples * width];
    Arrays.setAll(each, i -> identity[i % width]);
    this.origin = AffineBatch.tensor(each, x, x.getDataType(), samples, width);
    NDArray center = AffineBatch.tensor(zeros, x, x.getDataType(), samples, width);
    this.cube = CUBE.attackSpace(center, measure);
  }

  @Override
  public NDArray origin() {
    return origin;
  }

  @Override
  public NDArray points(NDArray positions) {
    return set.images(x, positions.mul(radius).add(middle));
  }

  @Override
  public Optional<NDArray> parameters(NDArray positions) {
    return Optional.of(positions.mul(radius).add(middle));
  }

  @Override
  public NDArray start(Draws draws, boolean inside, Scope work) {
    return cube.start(draws, inside, work);
  }

  // Which parameters would lead near a point is not known.
  @Override
  public NDArray near(NDArray points) {
    NDArray start = origin.duplicate();
    start.attach(points.getManager());
    return start;
  }

  @Override
  public NDArray next(NDArray positions, NDArray gradient, double size, Scope work) {
    return cube.next(positions, gradient, size, work);
  }

  @Override
  public NDArray project(NDArray candidates, Scope work) {
    return cube.project(candidates, work);
  }

  @Override
  public List<AdaptiveSteps.Phase> phases() {
    return cube.phases();
  }

  // The phases of the cube have its own radius only.
  @Override
  public AttackSpace times(int multiple) {
    if (multiple != 1) {
      throw new IllegalArgumentException("parameters beyond their intervals");
    }
    return this;
  }

  @Override
  public AdaptiveSteps adaptiveSteps(int updates, Optional<double[]> moved) {
    return cube.adaptiveSteps(updates, moved);
  }
}
