package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.AdaptiveSteps;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;

/**
 * One run of APGD in one ball (algorithm 1 of Croce and Hein 2020): a move along the norm's
 * direction, projected, mixed with the step before and projected again; the norm's step rule says
 * how far, and which samples return to their point of highest loss. Its tensors live in the scope
 * it was made for.
 */
final class ApgdRun {
  private final Target target;
  private final AttackSpace space;
  private final AdaptiveSteps rule;
  private final Scope scope;
  private final BestIterate strongest;
  private Optional<Highest> highest = Optional.empty();

  /** A run that keeps its tensors in {@code scope}. */
  ApgdRun(Target target, AttackSpace space, AdaptiveSteps rule, Scope scope) {
    this.target = target;
    this.space = space;
    this.rule = rule;
    this.scope = scope;
    this.strongest = new BestIterate(scope);
  }

  /**
   * Whose loss is raised.
   *
   * @param live a detached network
   * @param label indicator of the labels, {@code [N, K]}
   * @param aim indicator of the classes that a targeted loss heads for, {@code [N, K]}
   */
  record Target(LiveNetwork live, NDArray label, NDArray aim, AttackLoss loss) {
    // Results attach to an operand's scope.
    private Target in(Scope work) {
      return new Target(live.detached(work), work.constant(label), work.constant(aim), loss);
    }

    private NDArray losses(NDArray logits) {
      return loss.of(logits, label, aim);
    }

    /** How far the best other class is ahead of the label, {@code [N]}. */
    private NDArray ahead(NDArray logits) {
      return Margins.smallest(Margins.of(logits, label), label).neg();
    }
  }

  /** Where the loss was highest, with its gradient there. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Highest(NDArray point, NDArray gradient, double[] losses) {}

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Evaluated(double[] losses, NDArray gradient, NDArray ahead) {}

  /**
   * Climbs.
   *
   * @param start inside the set, {@code [N, ...]}
   * @param updates gradient steps; as many gradients are computed
   */
  void climb(NDArray start, int updates) {
    NDArray before = scope.constant(start);
    NDArray point = scope.constant(start);
    for (int update = 0; update <= updates; update++) {
      try (Scope work = scope.child("attack step")) {
        Evaluated now = update < updates ? differentiated(point, work) : looked(point, work);
        strongest.offer(new BestIterate.Iterate(point, now.ahead(), now.ahead().zerosLike()), work);
        Highest best = remember(point, now, work);
        NDArray back = flags(rule.settle(progress(now, best)), work);
        if (update < updates) {
          NDArray from = BestIterate.choose(back, best.point(), point);
          NDArray gradient = BestIterate.choose(back, best.gradient(), now.gradient());
          NDArray next = next(from, before, gradient, update == 0 ? 1 : rule.share(), work);
          before.close();
          point.close();
          before = scope.adopt(from);
          point = scope.adopt(next);
        }
      }
    }
    before.close();
    point.close();
  }

  /** The points of highest loss, {@code [N, ...]}. */
  NDArray highest() {
    return highest.orElseThrow().point();
  }

  /** The points where the best other class is furthest ahead of the label, which is their loss. */
  BestIterate.Iterate strongest() {
    return strongest.get();
  }

  private NDArray next(NDArray from, NDArray before, NDArray gradient, double share, Scope work) {
    NDArray moved = space.project(from.add(rule.move(gradient, work)), work);
    if (share == 1) {
      return moved;
    }
    NDArray momentum = Scalars.times(from.sub(before), 1 - share);
    return space.project(from.add(Scalars.times(moved.sub(from), share)).add(momentum), work);
  }

  private Evaluated differentiated(NDArray point, Scope work) {
    NDArray leaf = work.leaf(point);
    Target here = target.in(work);
    return Autograd.recording(
        () -> {
          NDArray logits = Concrete.logits(here.live(), space.points(leaf));
          NDArray losses = here.losses(logits);
          Autograd.backward(losses.sum());
          NDArray ahead = here.ahead(logits.stopGradient());
          return new Evaluated(numbers(losses.stopGradient()), Autograd.gradient(leaf), ahead);
        });
  }

  // Of the last iterate only the loss matters.
  private Evaluated looked(NDArray point, Scope work) {
    Target here = target.in(work);
    NDArray at = work.constant(point);
    NDArray logits = Concrete.logits(here.live(), space.points(at));
    return new Evaluated(numbers(here.losses(logits)), at.zerosLike(), here.ahead(logits));
  }

  // What is no number is never the best.
  private static double[] numbers(NDArray losses) {
    double[] values = HostTensor.copyOf(losses).toDoubles();
    Arrays.setAll(values, n -> Double.isNaN(values[n]) ? Double.NEGATIVE_INFINITY : values[n]);
    return values;
  }

  private Highest remember(NDArray point, Evaluated now, Scope work) {
    Highest kept =
        highest
            .map(before -> better(before, point, now, work))
            .orElseGet(() -> new Highest(point, now.gradient(), now.losses().clone()));
    Highest owned =
        new Highest(scope.constant(kept.point()), scope.constant(kept.gradient()), kept.losses());
    highest.ifPresent(
        before -> {
          before.point().close();
          before.gradient().close();
        });
    highest = Optional.of(owned);
    return owned;
  }

  private static Highest better(Highest before, NDArray point, Evaluated now, Scope work) {
    double[] losses = before.losses().clone();
    boolean[] improved = new boolean[losses.length];
    for (int n = 0; n < losses.length; n++) {
      improved[n] = now.losses()[n] > losses[n];
      losses[n] = Math.max(losses[n], now.losses()[n]);
    }
    NDArray better = flags(improved, work);
    return new Highest(
        BestIterate.choose(better, point, before.point()),
        BestIterate.choose(better, now.gradient(), before.gradient()),
        losses);
  }

  private AdaptiveSteps.Progress progress(Evaluated now, Highest best) {
    return new AdaptiveSteps.Progress(
        now.losses(), best.losses(), () -> moved(space.origin(), best.point(), scope));
  }

  /** In how many entries each position differs from the origin. */
  static double[] moved(NDArray origin, NDArray point, Scope scope) {
    try (Scope work = scope.child("attack step")) {
      NDArray differs = work.constant(point).neq(work.constant(origin));
      NDArray flat = differs.reshape(origin.getShape().get(0), -1).toType(DataType.FLOAT64, false);
      return HostTensor.copyOf(flat.sum(new int[] {1})).toDoubles();
    }
  }

  private static NDArray flags(boolean[] values, Scope work) {
    double[] numbers = new double[values.length];
    Arrays.setAll(numbers, n -> values[n] ? 1 : 0);
    return work.tensor(numbers, DataType.FLOAT64, values.length).gt(0);
  }
}
