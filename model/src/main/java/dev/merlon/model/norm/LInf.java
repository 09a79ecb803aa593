package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The maximum norm; its dual is the sum of absolute values. */
public record LInf() implements Norm {
  @Override
  public String name() {
    return "linf";
  }

  @Override
  public double largestRadius() {
    return 1;
  }

  @Override
  public boolean ballIsBox() {
    return true;
  }

  @Override
  public NDArray dualNorm(NDArray rows) {
    return rows.abs().sum(new int[] {rows.getShape().dimension() - 1});
  }

  @Override
  public NDArray dualNorm(LayerRows rows) {
    return rows.powerSum(1);
  }

  @Override
  public NDArray project(NDArray perturbation, double eps) {
    return Scalars.within(perturbation, -eps, eps);
  }

  @Override
  public NDArray steepest(NDArray gradient) {
    return gradient.sign();
  }

  // Clipping to [0,1] makes the box narrower at dark and bright pixels; steps follow its width.
  @Override
  public NDArray stepWidth(NDArray halfWidth, double eps) {
    return halfWidth;
  }

  @Override
  public NDArray randomStart(
      RandomGenerator random, Scope scope, DataType type, double eps, long... shape) {
    return CounterRandom.uniform(random, scope, type, -eps, eps, shape);
  }

  @Override
  public Optional<LinearRegion.Description> linearDescription(double eps, boolean clip) {
    return Optional.of(x -> LinearBalls.box(eps, clip, x));
  }

  @Override
  public double measure(double[] perturbation) {
    double largest = 0;
    for (double value : perturbation) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
