package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.random.RandomGenerator;

/**
 * Projected gradient ascent in the box of an inner value (TAPS, Mao et al. 2023, section 3.2):
 * uniform start, steps of a share of the box's full width along the gradient's signs, and of each
 * point the best of all iterates and restarts, {@code steps + 1} evaluations a restart. Only the
 * part of the network behind the value is evaluated. Box and network are detached, so no gradient
 * reaches parameters or statistics. Not thread-safe.
 */
public final class LatentPgd {
  private final LiveNetwork live;
  private final int cut;
  private final LatentAim aim;
  private final AttackSettings settings;
  private final Scope scope;
  private final NDArray lower;
  private final NDArray upper;
  private final NDArray width;

  /** Shape with the points of a sample on an axis of their own. */
  private final Shape grouped;

  /** Shape that the network takes, all points on the first axis. */
  private final Shape flat;

  private LatentPgd(
      LiveNetwork live, int cut, Box box, LatentAim aim, AttackSettings settings, Scope scope) {
    this.live = live;
    this.cut = cut;
    this.aim = aim;
    this.settings = settings;
    this.scope = scope;
    this.lower = scope.constant(box.lower()).expandDims(1);
    this.upper = scope.constant(box.upper()).expandDims(1);
    this.width = upper.sub(lower);
    Shape sample = box.lower().getShape().slice(1);
    long samples = box.lower().getShape().get(0);
    this.grouped = new Shape(samples, aim.points()).addAll(sample);
    this.flat = new Shape(samples * aim.points()).addAll(sample);
  }

  /**
   * Searches a box for every sample.
   *
   * @param live the network with the statistics to use
   * @param cut number of the value whose box it is
   * @param box {@code [N, ...]}
   * @param aim what {@code P} points a sample are to maximise
   * @param random where start points come from
   * @param into scope that will own the result
   * @return {@code [N, P, ...]} inside the box, without gradient
   */
  public static NDArray search(
      LiveNetwork live,
      int cut,
      Box box,
      LatentAim aim,
      AttackSettings settings,
      RandomGenerator random,
      Scope into) {
    try (Scope scope = into.child("latent search")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork detached = live.detached(scope);
            LatentPgd pgd = new LatentPgd(detached, cut, box, aim, settings, scope);
            return into.adopt(pgd.restarted(random).reshape(pgd.grouped));
          });
    }
  }

  private NDArray restarted(RandomGenerator random) {
    BestIterate best = new BestIterate(scope);
    for (int restart = 0; restart < settings.restarts(); restart++) {
      NDArray point = start(random);
      for (int update = 0; update < settings.steps(); update++) {
        NDArray next = ascend(best, point, update);
        point.close();
        point = next;
      }
      try (Scope work = scope.child("latent step")) {
        best.offer(iterate(point, losses(work.constant(point))), work);
      }
      point.close();
    }
    return best.get().point();
  }

  private NDArray start(RandomGenerator random) {
    try (Scope work = scope.child("latent step")) {
      NDArray unit = CounterRandom.unit(random, work, width.getDataType(), grouped.getShape());
      return scope.adopt(inside(unit.muli(width).addi(lower)).reshape(flat));
    }
  }

  private NDArray ascend(BestIterate best, NDArray point, int update) {
    try (Scope work = scope.child("latent step")) {
      NDArray leaf = work.leaf(point);
      NDArray losses =
          Autograd.recording(
              () -> {
                NDArray recorded = losses(leaf);
                Autograd.backward(recorded.sum());
                return recorded.stopGradient();
              });
      best.offer(iterate(point, losses), work);
      NDArray step = Scalars.times(work.constant(width), settings.stepSizeAt(update));
      NDArray direction = Autograd.gradient(leaf).sign().reshape(grouped);
      NDArray moved = direction.muli(step).addi(point.reshape(grouped));
      return scope.adopt(inside(moved).reshape(flat));
    }
  }

  private NDArray losses(NDArray point) {
    return aim.losses(Concrete.logitsFrom(live, cut, point));
  }

  private NDArray inside(NDArray point) {
    return point.maximum(lower).minimum(upper);
  }

  private static BestIterate.Iterate iterate(NDArray point, NDArray losses) {
    return new BestIterate.Iterate(point, losses, losses.zerosLike());
  }
}
