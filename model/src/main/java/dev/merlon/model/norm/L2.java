package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The Euclidean norm, its own dual. */
public record L2() implements Norm {
  // As in torchattacks' l_2 step, against division by a zero gradient.
  private static final double TINY = 1e-10;

  @Override
  public String name() {
    return "l2";
  }

  @Override
  public double largestRadius() {
    return 1000;
  }

  @Override
  public boolean ballIsBox() {
    return false;
  }

  @Override
  public NDArray dualNorm(NDArray rows) {
    return root(rows.square().sum(new int[] {rows.getShape().dimension() - 1}));
  }

  @Override
  public NDArray dualNorm(LayerRows rows) {
    return root(rows.powerSum(2));
  }

  @Override
  public NDArray project(NDArray perturbation, double eps) {
    NDArray factor =
        Scalars.atMost(Scalars.times(Scalars.inverse(lengths(perturbation).add(TINY)), eps), 1);
    return perturbation.mul(factor);
  }

  @Override
  public NDArray steepest(NDArray gradient) {
    return gradient.div(lengths(gradient).add(TINY));
  }

  // A normal direction times a uniform length, as documented for torchattacks' PGD-l_2.
  @Override
  public NDArray randomStart(
      RandomGenerator random, Scope scope, DataType type, double eps, long... shape) {
    NDArray direction = steepest(CounterRandom.normal(random, scope, type, shape));
    long[] perSample = new long[shape.length];
    Arrays.fill(perSample, 1);
    perSample[0] = shape[0];
    return direction.mul(CounterRandom.uniform(random, scope, type, 0, eps, perSample));
  }

  @Override
  public double measure(double[] perturbation) {
    double sum = 0;
    for (double value : perturbation) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  // The square root with derivative 0 instead of infinity at 0, so that zero rows have a gradient.
  private static NDArray root(NDArray squares) {
    NDArray zero = squares.eq(0).toType(squares.getDataType(), false);
    return squares.add(zero).sqrt().sub(zero);
  }

  private static NDArray lengths(NDArray perSample) {
    Shape shape = perSample.getShape();
    long[] broadcast = new long[shape.dimension()];
    Arrays.fill(broadcast, 1);
    broadcast[0] = shape.get(0);
    return perSample
        .reshape(shape.get(0), -1)
        .square()
        .sum(new int[] {1})
        .sqrt()
        .reshape(broadcast);
  }
}
