package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Raises the lower bounds of a batch of functions by projected gradient ascent on their parameters,
 * with Adam's steps (Kingma and Ba 2015), each function for itself, and keeps the best bound and
 * parameters that each of them had. The training optimiser is another one: it descends for a whole
 * network, saves its state, and has one rate.
 */
final class SlopeOptimisation {
  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;
  // Of the bounds' distance from 0; less is no progress.
  private static final double GAIN = 1e-3;

  private final RowPass pass;
  private final int value;
  private final RowBatch batch;
  private final SlopeSettings settings;
  private final Scope scope;
  private NDArray parameters;
  private NDArray best;
  private NDArray first;
  private NDArray second;
  private final NDArray rates;
  private final double[] bounds;

  private SlopeOptimisation(
      RowPass pass,
      int value,
      RowBatch batch,
      List<Subproblem> subproblems,
      SlopeSettings settings,
      Scope scope) {
    this.pass = pass;
    this.value = value;
    this.batch = batch;
    this.settings = settings;
    this.scope = scope;
    this.parameters = batch.parameters(subproblems, scope);
    this.best = scope.view(parameters);
    this.first = parameters.zerosLike();
    this.second = parameters.zerosLike();
    this.rates = rates(Math.toIntExact(parameters.getShape().get(1)));
    this.bounds = new double[subproblems.size()];
    Arrays.fill(bounds, Double.NEGATIVE_INFINITY);
  }

  /**
   * The best that was found.
   *
   * @param bounds one for each function
   * @param parameters {@code [R, ...]} as {@link RowBatch} describes them
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Summit(double[] bounds, NDArray parameters) {}

  /**
   * Bounds of functions of a value.
   *
   * @param subproblems where each function is bounded, and the parameters that it starts from
   * @param expired whether time is up; asked after every iteration
   * @param scope owner of the result
   */
  static Summit climb(
      RowPass pass,
      int value,
      RowBatch batch,
      List<Subproblem> subproblems,
      SlopeSettings settings,
      BooleanSupplier expired,
      Scope scope) {
    try (Scope work = scope.child("slope optimisation")) {
      SlopeOptimisation optimisation =
          new SlopeOptimisation(pass, value, batch, subproblems, settings, work);
      optimisation.run(expired);
      return new Summit(optimisation.bounds, scope.adopt(optimisation.best));
    }
  }

  private void run(BooleanSupplier expired) {
    double reached = -Double.MAX_VALUE;
    int since = 0;
    for (int iteration = 1; ; iteration++) {
      boolean last = iteration == settings.iterations();
      iterate(iteration, last);
      double now = Arrays.stream(bounds).map(bound -> Math.min(bound, settings.goal())).sum();
      boolean gained = now > reached + GAIN * Math.abs(reached);
      since = gained ? 0 : since + 1;
      reached = gained ? now : reached;
      boolean done = Arrays.stream(bounds).allMatch(bound -> bound > settings.goal());
      if (last || done || since >= settings.patience() || expired.getAsBoolean()) {
        return;
      }
    }
  }

  private void iterate(int iteration, boolean last) {
    try (Scope work = scope.child("slope optimisation step")) {
      NDArray leaf = last ? work.constant(parameters) : work.leaf(parameters);
      NDArray now = last ? Autograd.withoutGradients(() -> bound(leaf, work)) : ascend(leaf, work);
      keep(now.stopGradient(), work);
      if (!last) {
        step(Autograd.gradient(leaf), iteration, work);
      }
    }
  }

  private NDArray bound(NDArray leaf, Scope work) {
    return pass.lower(value, batch, leaf, pass.input(), RowPass.Watcher.NONE, work);
  }

  private NDArray ascend(NDArray leaf, Scope work) {
    return Autograd.recording(
        () -> {
          NDArray now = bound(leaf, work);
          Autograd.backward(now.sum());
          return now;
        });
  }

  private void keep(NDArray now, Scope work) {
    double[] fresh = HostTensor.copyOf(now).toDoubles();
    float[] better = new float[fresh.length];
    for (int r = 0; r < fresh.length; r++) {
      if (fresh[r] > bounds[r]) {
        bounds[r] = fresh[r];
        better[r] = 1;
      }
    }
    NDArray mask = work.tensor(better, parameters.getDataType(), better.length, 1).gt(0);
    Shape shape = parameters.getShape();
    best = replace(best, NDArrays.where(mask.broadcast(shape), parameters, best));
  }

  private void step(NDArray gradient, int iteration, Scope work) {
    NDArray m = blend(work.constant(first), gradient, FIRST_DECAY);
    NDArray v = blend(work.constant(second), gradient.square(), SECOND_DECAY);
    double correction = 1 - Math.pow(FIRST_DECAY, iteration);
    NDArray root = Scalars.over(v, 1 - Math.pow(SECOND_DECAY, iteration)).sqrt();
    double scale = Math.pow(settings.decay(), iteration - 1.0) / correction;
    NDArray change = Scalars.times(m.mul(rates), scale).div(root.add(EPSILON));
    NDArray next = batch.in(work).project(work.constant(parameters).add(change));
    first = replace(first, m);
    second = replace(second, v);
    parameters = replace(parameters, next);
  }

  private static NDArray blend(NDArray moment, NDArray fresh, double decay) {
    return Scalars.times(moment, decay).add(Scalars.times(fresh, 1 - decay));
  }

  private NDArray replace(NDArray old, NDArray fresh) {
    scope.adopt(fresh);
    old.close();
    return fresh;
  }

  private NDArray rates(int width) {
    int slopes = Math.toIntExact(batch.low().getShape().get(1));
    double[] values = new double[width];
    Arrays.fill(values, 0, slopes, settings.slopeRate());
    Arrays.fill(values, slopes, width, settings.multiplierRate());
    return scope.tensor(values, parameters.getDataType(), 1, width);
  }
}
