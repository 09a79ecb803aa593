package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Projected gradient ascent on the cross-entropy (Madry et al. 2018), or on the difference between
 * a target's logit and the label's: random start, steps along the norm's steepest direction,
 * projection on the perturbation set, the best of all iterates and restarts per sample, {@code
 * steps + 1} forward passes a restart. What it returns lies in the set. It works on a detached
 * network, so no gradient reaches parameters or statistics. Not thread-safe.
 */
public final class Pgd {
  private final LiveNetwork live;
  private final NDArray x;
  private final NDArray oneHot;
  private final UnaryOperator<NDArray> aim;
  private final AttackSettings settings;
  private final Options options;
  private final AttackSpace space;
  private final Scope scope;

  private Pgd(
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      Optional<NDArray> targets,
      PerturbationSet set,
      AttackSettings settings,
      Options options,
      Scope scope) {
    this.live = live;
    this.scope = scope;
    this.x = scope.constant(x);
    this.oneHot = oneHot(labels);
    this.aim =
        targets.map(t -> against(oneHot(t))).orElse(z -> Margins.logitCrossEntropy(z, oneHot));
    this.settings = settings;
    this.options = options;
    this.space = set.attackSpace(this.x, options.width());
  }

  /** Which iterate is kept. */
  public enum Keep {
    /** The one of highest loss. */
    HIGHEST_LOSS,
    /**
     * A misclassified one before all others; among equals the one of highest loss. For evaluation.
     */
    MISCLASSIFIED_FIRST
  }

  /** How steps are measured and which iterate is kept. */
  public record Options(StepWidth width, Keep keep) {
    /** CTBench's search for training. */
    public static final Options TRAINING = new Options(StepWidth.PER_PIXEL, Keep.HIGHEST_LOSS);

    /** Search for a counterexample. */
    public static final Options EVALUATION =
        new Options(StepWidth.PER_PIXEL, Keep.MISCLASSIFIED_FIRST);
  }

  /**
   * Searches the perturbation set around each sample.
   *
   * @param live the network with the statistics to attack
   * @param x {@code [N, C, H, W]} in the un-normalised input space
   * @param labels {@code int64 [N]}
   * @param starts where start points come from
   * @param into scope that will own the result
   */
  public static AttackResult search(
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      PerturbationSet set,
      AttackSettings settings,
      Options options,
      StartPoints starts,
      Scope into) {
    return found(
        live,
        x,
        labels,
        Optional.empty(),
        set,
        settings,
        options,
        pgd -> pgd.restarted(starts),
        into);
  }

  /**
   * Searches for points of one other class each: it raises the target's logit over the label's, and
   * the loss of the result is that difference.
   *
   * @param targets {@code int64 [N]}, not the labels
   */
  public static AttackResult searchTargets(
      NDArray targets,
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      PerturbationSet set,
      AttackSettings settings,
      StartPoints starts,
      Scope into) {
    return found(
        live,
        x,
        labels,
        Optional.of(targets),
        set,
        settings,
        Options.EVALUATION,
        pgd -> pgd.restarted(starts),
        into);
  }

  /**
   * Searches from given points instead of random ones, once from each.
   *
   * @param starts {@code [N, C, H, W]}, projected on the set
   */
  public static AttackResult searchFrom(
      NDArray starts,
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      PerturbationSet set,
      AttackSettings settings,
      Scope into) {
    return found(
        live,
        x,
        labels,
        Optional.empty(),
        set,
        settings,
        Options.EVALUATION,
        pgd -> pgd.run(() -> pgd.scope.adopt(pgd.space.near(starts)), 1),
        into);
  }

  private static AttackResult found(
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      Optional<NDArray> targets,
      PerturbationSet set,
      AttackSettings settings,
      Options options,
      Function<Pgd, BestIterate.Iterate> way,
      Scope into) {
    try (Scope scope = into.child("attack")) {
      return Autograd.withoutGradients(
          () -> {
            Pgd pgd =
                new Pgd(live.detached(scope), x, labels, targets, set, settings, options, scope);
            BestIterate.Iterate best = way.apply(pgd);
            return AttackResult.at(best.point(), best.loss(), pgd.space, into);
          });
    }
  }

  private NDArray oneHot(NDArray classes) {
    return Margins.oneHot(scope.constant(classes), live.network().classes(), x.getDataType());
  }

  private UnaryOperator<NDArray> against(NDArray target) {
    NDArray direction = target.sub(oneHot);
    return logits -> logits.mul(direction).sum(new int[] {1});
  }

  private BestIterate.Iterate restarted(StartPoints starts) {
    return run(() -> start(starts), settings.restarts());
  }

  private BestIterate.Iterate run(Supplier<NDArray> start, int restarts) {
    BestIterate best = new BestIterate(scope);
    for (int restart = 0; restart < restarts; restart++) {
      NDArray point = start.get();
      for (int update = 0; update < settings.steps(); update++) {
        NDArray next = ascend(best, point, update);
        point.close();
        point = next;
      }
      try (Scope work = scope.child("attack step")) {
        NDArray logits = Concrete.logits(live, space.points(work.constant(point)));
        best.offer(iterate(point, logits, aim.apply(logits)), work);
      }
      point.close();
    }
    return best.get();
  }

  private NDArray start(StartPoints starts) {
    try (Scope work = scope.child("attack step")) {
      return scope.adopt(space.start(starts, settings.clampStart(), work));
    }
  }

  private NDArray ascend(BestIterate best, NDArray point, int update) {
    try (Scope work = scope.child("attack step")) {
      NDArray leaf = work.leaf(point);
      BestIterate.Iterate iterate =
          Autograd.recording(
              () -> {
                NDArray logits = Concrete.logits(live, space.points(leaf));
                NDArray loss = aim.apply(logits);
                Autograd.backward(loss.sum());
                return iterate(point, logits.stopGradient(), loss.stopGradient());
              });
      // A start that was not clamped may lie outside the set: it only lends its gradient.
      if (update > 0 || settings.clampStart()) {
        best.offer(iterate, work);
      }
      return scope.adopt(
          space.next(point, Autograd.gradient(leaf), settings.stepSizeAt(update), work));
    }
  }

  private BestIterate.Iterate iterate(NDArray point, NDArray logits, NDArray loss) {
    NDArray rank =
        switch (options.keep()) {
          case HIGHEST_LOSS -> loss.zerosLike();
          case MISCLASSIFIED_FIRST ->
              Margins.smallest(Margins.of(logits, oneHot), oneHot)
                  .lt(0)
                  .toType(loss.getDataType(), false);
        };
    return new BestIterate.Iterate(point, loss, rank);
  }
}
