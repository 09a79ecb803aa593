package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The sum of absolute values; its dual is the maximum norm. In {@code [0,1]^d} its balls are much
 * smaller than without clipping, because a few pixels cannot take all of the radius: projections
 * (Duchi et al. 2008; Croce and Hein 2021 with the box) and the minima of linear functions are
 * exact there too.
 */
public record L1() implements Norm {
  // Share of the coordinates that a step of an attack moves, as Tramer and Boneh 2019. Larger ones
  // spread the radius over pixels that matter little.
  private static final double SHARE = 0.01;
  // Closer than this to 0 or 1, a pixel is at the border.
  private static final double BORDER = 1e-6;

  @Override
  public String name() {
    return "l1";
  }

  @Override
  public double largestRadius() {
    return 1_000_000;
  }

  @Override
  public boolean ballIsBox() {
    return false;
  }

  @Override
  public NDArray dualNorm(NDArray rows) {
    return rows.abs().max(new int[] {rows.getShape().dimension() - 1});
  }

  @Override
  public NDArray dualNorm(LayerRows rows) {
    return rows.maximum();
  }

  // Every entry shrinks by the largest mean excess of the k largest entries over the radius, which
  // is below 0 for points inside.
  @Override
  public NDArray project(NDArray perturbation, double eps) {
    NDArray flat = wide(perturbation);
    NDArray sums = flat.abs().sort(1).flip(1).cumSum(1);
    NDArray ranks = flat.onesLike().cumSum(1);
    NDArray excess = sums.sub(eps).div(ranks).max(new int[] {1}, true);
    return like(perturbation, shrink(flat, Scalars.atLeast(excess, 0)));
  }

  /**
   * The nearest point of the ball's part in {@code [0,1]^d}. With the entries shrunken by {@code t}
   * and clipped, their sum falls piecewise linearly in {@code t}: an entry begins to count below
   * its size, and stops growing where it meets the border. Between those places the right {@code t}
   * is interpolated.
   */
  @Override
  public NDArray projectClipped(NDArray x, NDArray candidate, double eps) {
    NDArray from = wide(x);
    NDArray change = wide(candidate).sub(from);
    NDArray room = Room.along(change, from.neg(), Scalars.oneMinus(from));
    NDArray begins = change.abs();
    NDArray ends = Scalars.positivePart(begins.sub(room));
    NDArray shrunken = shrink(change, threshold(begins, ends, eps));
    NDArray inside = shrunken.sign().mul(shrunken.abs().minimum(room));
    return Scalars.within(like(candidate, from.add(inside)), 0, 1);
  }

  /** Greedy, as a knapsack: the largest coefficients first, each as far as the box lets it. */
  @Override
  public Optional<NDArray> minimumWithin(Rows rows, NDArray lowest, NDArray highest, double eps) {
    NDArray values = rows.values();
    NDArray room = Room.along(values.neg(), lowest.expandDims(1), highest.expandDims(1));
    NDArray sizes = values.abs().broadcast(room.getShape());
    NDArray order = sizes.stopGradient().argSort(2, false);
    NDArray rooms = room.gather(order, 2);
    NDArray left = rooms.sub(rooms.cumSum(2)).add(eps + roundings(rooms, eps));
    NDArray taken = Scalars.positivePart(left).minimum(rooms).stopGradient();
    return Optional.of(sizes.gather(order, 2).mul(taken).sum(new int[] {2}).neg());
  }

  // The sums of rooms that matter are those up to the radius and one room of at most 1 more.
  // Float32
  // is for training, where no proof hangs on it.
  private static double roundings(NDArray rooms, double eps) {
    boolean single = rooms.getDataType() == DataType.FLOAT32;
    return single ? 0 : 4 * 0x1p-53 * rooms.getShape().get(2) * (eps + 1);
  }

  @Override
  public NDArray steepest(NDArray gradient) {
    return amongLargest(gradient, 1);
  }

  /** Equal shares on the coordinates of the largest gradients that are not stopped by the box. */
  @Override
  public NDArray attackDirection(NDArray gradient, NDArray point, boolean clip) {
    long coordinates = gradient.size() / gradient.getShape().get(0);
    int moved = (int) Math.max(1, Math.round(SHARE * coordinates));
    return amongLargest(clip ? free(gradient, point) : gradient, moved);
  }

  // Croce and Hein 2021, section 3.3: larger balls first, since the true one is sparse and hard to
  // search.
  @Override
  public List<AdaptiveSteps.Phase> adaptivePhases() {
    return List.of(
        new AdaptiveSteps.Phase(3, 30),
        new AdaptiveSteps.Phase(2, 30),
        new AdaptiveSteps.Phase(1, 40));
  }

  @Override
  public AdaptiveSteps adaptiveSteps(AdaptiveSteps.Run run) {
    return new SparseSteps(run);
  }

  // Laplace draws have the direction of a uniform point of the sphere; the length is uniform.
  @Override
  public NDArray randomStart(
      RandomGenerator random, Scope scope, DataType type, double eps, long... shape) {
    NDArray uniform = CounterRandom.uniform(random, scope, type, 0, 1, shape);
    NDArray signs = CounterRandom.uniform(random, scope, type, -1, 1, shape).sign();
    NDArray draws = Scalars.oneMinus(uniform).log().mul(signs);
    NDArray lengths =
        CounterRandom.uniform(random, scope, type, 0, eps, perSample(draws).getShape());
    NDArray sums = draws.reshape(shape[0], -1).abs().sum(new int[] {1});
    return draws.div(sums.reshape(perSample(draws))).mul(lengths);
  }

  @Override
  public Optional<LinearRegion.Description> linearDescription(double eps, boolean clip) {
    return Optional.of(x -> LinearBalls.diamond(eps, clip, x));
  }

  @Override
  public double measure(double[] perturbation) {
    double sum = 0;
    for (double value : perturbation) {
      sum += Math.abs(value);
    }
    return sum;
  }

  // Where the sum of entries, grown from their beginnings to their ends, reaches the radius; 0
  // where
  // it never does.
  private static NDArray threshold(NDArray begins, NDArray ends, double eps) {
    NDArray zero = begins.get(":,0:1").zerosLike();
    NDArray places = begins.concat(ends, 1).concat(zero, 1);
    NDArray turns = begins.onesLike().concat(ends.onesLike().neg(), 1).concat(zero, 1);
    NDArray order = places.argSort(1, false);
    NDArray place = places.gather(order, 1);
    NDArray turn = turns.gather(order, 1);
    NDArray growing = turn.cumSum(1);
    NDArray sums = turn.mul(place).cumSum(1).sub(place.mul(growing));
    NDArray below = sums.lt(eps).toType(DataType.FLOAT64, false).sum(new int[] {1}, true);
    NDArray last = Scalars.atLeast(below.sub(1), 0).toType(DataType.INT64, false);
    NDArray missing = sums.gather(last, 1).neg().add(eps);
    NDArray beyond = missing.div(growing.gather(last, 1));
    return Scalars.atLeast(place.gather(last, 1).sub(beyond), 0);
  }

  // Unit norm, in equal parts on the entries that are among the largest and not 0.
  private static NDArray amongLargest(NDArray gradient, int count) {
    NDArray flat = gradient.reshape(gradient.getShape().get(0), -1);
    NDArray least = flat.abs().topK(count, 1).get(0).min(new int[] {1}, true);
    return inEqualParts(flat, least).reshape(gradient.getShape());
  }

  /**
   * The direction of unit norm that takes equal parts of all entries that are not 0 and at least so
   * large.
   *
   * @param flat gradients, {@code [N, D]}
   * @param least absolute value, {@code [N, 1]}
   */
  static NDArray inEqualParts(NDArray flat, NDArray least) {
    NDArray chosen = flat.abs().gte(least).toType(flat.getDataType(), false).mul(flat.sign());
    return chosen.div(Scalars.atLeast(chosen.abs().sum(new int[] {1}, true), 1));
  }

  // The gradient without the entries that point out of [0,1] from its border.
  private static NDArray free(NDArray gradient, NDArray point) {
    NDArray down = point.lte(BORDER).logicalAnd(gradient.lt(0));
    NDArray up = point.gte(1 - BORDER).logicalAnd(gradient.gt(0));
    return gradient.mul(down.logicalOr(up).logicalNot().toType(gradient.getDataType(), false));
  }

  private static NDArray shrink(NDArray entries, NDArray by) {
    return entries.sign().mul(Scalars.positivePart(entries.abs().sub(by)));
  }

  // Sums of many small entries need float64.
  private static NDArray wide(NDArray perSample) {
    NDArray flat = perSample.reshape(perSample.getShape().get(0), -1);
    return flat.toType(DataType.FLOAT64, false);
  }

  private static NDArray like(NDArray model, NDArray flat) {
    return flat.reshape(model.getShape()).toType(model.getDataType(), false);
  }

  private static Shape perSample(NDArray array) {
    long[] shape = new long[array.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[0] = array.getShape().get(0);
    return new Shape(shape);
  }
}
