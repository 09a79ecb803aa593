package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The Euclidean norm, its own dual. */
public record L2() implements Norm {
  // As in torchattacks' l_2 step, against division by a zero gradient.
  private static final double TINY = 1e-10;
  // Below every multiplier that matters; its square is a number in float32 too.
  private static final double LEAST = 1e-18;
  // More than rows need whose entries are not chosen against it; the bound holds after any number.
  private static final int MOST_STEPS = 40;
  private static final double GROWTH = 1 + 1e-12;

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
  public boolean boundsSides() {
    return true;
  }

  @Override
  public NDArray project(NDArray perturbation, double eps) {
    NDArray factor =
        Scalars.atMost(Scalars.times(Scalars.inverse(lengths(perturbation).add(TINY)), eps), 1);
    return perturbation.mul(factor);
  }

  /**
   * The Lagrangian with a multiplier {@code 1/(2t)} of the ball's constraint is smallest over the
   * box where each entry has gone {@code t |a|} down its slope, or as far as the box lets it. For
   * every {@code t} that is a lower bound, and the minimum itself for the {@code t} at which that
   * point lies on the sphere.
   */
  @Override
  public Optional<NDArray> minimumWithin(Rows rows, NDArray lowest, NDArray highest, double eps) {
    NDArray values = rows.values();
    NDArray room = Room.along(values.neg(), lowest.expandDims(1), highest.expandDims(1));
    NDArray sizes = values.abs();
    NDArray t = multiplier(sizes.stopGradient(), room, eps);
    NDArray moved = sizes.mul(t).minimum(room).stopGradient();
    NDArray beyond = Scalars.times(sum(moved.square()).sub(eps * eps).div(t), 0.5);
    return Optional.of(sum(sizes.mul(moved)).neg().add(beyond).squeeze(2));
  }

  // Entries that the box stops leave more of the radius to the others: t grows from where no entry
  // is stopped, and with it the number of those that are, until none is added.
  private static NDArray multiplier(NDArray sizes, NDArray room, double eps) {
    try (Scope work = Scope.within(sizes, "euclidean minimum")) {
      NDArray own = work.view(sizes);
      NDArray length = sum(own.square()).sqrt().add(LEAST);
      NDArray t = Scalars.atLeast(Scalars.times(Scalars.inverse(length), eps), LEAST);
      boolean settled = false;
      for (int step = 0; step < MOST_STEPS && !settled; step++) {
        NDArray next = grown(t, own, room, eps);
        settled = !next.gt(Scalars.times(t, GROWTH)).any().getBoolean();
        t = next;
      }
      t.attach(sizes.getManager());
      return t;
    }
  }

  private static NDArray grown(NDArray t, NDArray sizes, NDArray room, double eps) {
    try (Scope work = Scope.within(t, "euclidean minimum")) {
      NDArray stopped = work.view(sizes).mul(t).gt(room).toType(sizes.getDataType(), false);
      NDArray used = sum(stopped.mul(room).square());
      NDArray free = sum(Scalars.oneMinus(stopped).mul(sizes).square()).add(LEAST * LEAST);
      NDArray left = Scalars.positivePart(used.neg().add(eps * eps));
      NDArray next = left.div(free).sqrt().maximum(t);
      next.attach(t.getManager());
      return next;
    }
  }

  private static NDArray sum(NDArray entries) {
    return entries.sum(new int[] {2}, true);
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
