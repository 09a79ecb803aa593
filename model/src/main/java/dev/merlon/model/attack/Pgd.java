package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.AttackSettings;
import dev.merlon.model.bound.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Projected gradient ascent on the cross-entropy (Madry et al. 2018): random start, steps along the
 * norm's steepest direction, projection on the perturbation set, the best of all iterates and
 * restarts per sample, {@code steps + 1} forward passes a restart. It works on a detached network,
 * so no gradient reaches parameters or statistics. Not thread-safe.
 */
public final class Pgd {
  // Far above any cross-entropy that separates two iterates: a misclassified point always wins.
  private static final double MISCLASSIFIED_BONUS = 1e6;

  private final LiveNetwork live;
  private final NDArray x;
  private final NDArray oneHot;
  private final PerturbationSet set;
  private final AttackSettings settings;
  private final Options options;
  private final NDArray width;
  private final Scope scope;

  private Pgd(
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      PerturbationSet set,
      AttackSettings settings,
      Options options,
      Scope scope) {
    this.live = live;
    this.scope = scope;
    this.x = scope.constant(x);
    this.oneHot = Margins.oneHot(scope.constant(labels), live.network().classes(), x.getDataType());
    this.set = set;
    this.settings = settings;
    this.options = options;
    NDArray perPixel =
        set.norm()
            .stepWidth(Scalars.times(set.upper(this.x).sub(set.lower(this.x)), 0.5), set.eps());
    this.width =
        options.width() == StepWidth.PER_PIXEL
            ? perPixel
            : perPixel.max().broadcast(perPixel.getShape());
  }

  /** What a full l_inf step is where clipping makes the set's box uneven. */
  public enum StepWidth {
    /** Half the box's width of each pixel (CTBench). */
    PER_PIXEL,
    /** Half the largest width (SABR's code). */
    LARGEST
  }

  /** Which iterate is kept. */
  public enum Keep {
    /** The one of highest cross-entropy. */
    HIGHEST_LOSS,
    /**
     * A misclassified one before all others; among equals the one of highest cross-entropy. For
     * evaluation.
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
   * @param random where start points come from
   * @param into scope that will own the result
   */
  public static AttackResult search(
      LiveNetwork live,
      NDArray x,
      NDArray labels,
      PerturbationSet set,
      AttackSettings settings,
      Options options,
      RandomGenerator random,
      Scope into) {
    try (Scope scope = into.child("attack")) {
      Pgd pgd = new Pgd(live.detached(scope), x, labels, set, settings, options, scope);
      AttackResult best = pgd.run(random);
      return new AttackResult(into.adopt(best.points()), into.adopt(best.losses()));
    }
  }

  private AttackResult run(RandomGenerator random) {
    Optional<Best> best = Optional.empty();
    for (int restart = 0; restart < settings.restarts(); restart++) {
      NDArray point = start(random);
      for (int update = 0; update <= settings.steps(); update++) {
        try (Scope inner = scope.child("attack step")) {
          boolean last = update == settings.steps();
          Evaluation evaluation = evaluate(point, inner, !last);
          best = Optional.of(better(best, point, evaluation));
          if (!last) {
            NDArray next =
                scope.adopt(
                    step(inner.constant(point), evaluation.gradient().orElseThrow(), update));
            point.close();
            point = next;
          }
        }
      }
    }
    Best found = best.orElseThrow();
    return new AttackResult(found.point(), found.loss());
  }

  private record Evaluation(NDArray loss, NDArray score, Optional<NDArray> gradient) {}

  private record Best(NDArray point, NDArray loss, NDArray score) {}

  private NDArray start(RandomGenerator random) {
    NDArray unit =
        set.norm().randomStart(random, scope, x.getDataType(), 1, x.getShape().getShape());
    NDArray start = x.add(unit.mul(width));
    return settings.clampStart() ? set.project(x, start) : start;
  }

  private Evaluation evaluate(NDArray point, Scope inner, boolean withGradient) {
    NDArray leaf = withGradient ? inner.leaf(point) : inner.constant(point);
    return withGradient
        ? Autograd.recording(() -> evaluate(leaf, true))
        : Autograd.withoutGradients(() -> evaluate(leaf, false));
  }

  private Evaluation evaluate(NDArray leaf, boolean withGradient) {
    NDArray logits = Concrete.logits(live, leaf);
    NDArray loss = Margins.logitCrossEntropy(logits, oneHot);
    Optional<NDArray> gradient = Optional.empty();
    if (withGradient) {
      gradient = Optional.of(Autograd.gradients(loss.sum(), List.of(leaf)).get(0));
    }
    NDArray detached = loss.stopGradient();
    return new Evaluation(detached, score(logits.stopGradient(), detached), gradient);
  }

  private NDArray score(NDArray logits, NDArray loss) {
    if (options.keep() == Keep.HIGHEST_LOSS) {
      return loss;
    }
    NDArray smallest = Margins.smallest(Margins.of(logits, oneHot), oneHot);
    return loss.add(
        Scalars.times(smallest.lt(0).toType(loss.getDataType(), false), MISCLASSIFIED_BONUS));
  }

  private Best better(Optional<Best> before, NDArray point, Evaluation now) {
    return Autograd.withoutGradients(
        () -> {
          if (before.isEmpty()) {
            return new Best(
                scope.constant(point),
                scope.adopt(now.loss().duplicate()),
                scope.adopt(now.score().duplicate()));
          }
          Best best = before.get();
          NDArray improved = now.score().gt(best.score());
          NDArray mask = improved.toType(x.getDataType(), false);
          NDArray wide = mask.reshape(broadcast());
          Best next =
              new Best(
                  scope.adopt(select(wide, point, best.point())),
                  scope.adopt(select(mask, now.loss(), best.loss())),
                  scope.adopt(select(mask, now.score(), best.score())));
          best.point().close();
          best.loss().close();
          best.score().close();
          return next;
        });
  }

  // The mask is exactly 0 or 1, so that the blend is a choice, bit for bit.
  private static NDArray select(NDArray mask, NDArray chosen, NDArray otherwise) {
    return chosen.mul(mask).add(otherwise.mul(mask.neg().add(1)));
  }

  private NDArray step(NDArray point, NDArray gradient, int update) {
    return Autograd.withoutGradients(
        () -> {
          NDArray direction = set.norm().steepest(gradient).mul(width);
          return set.project(x, point.add(Scalars.times(direction, settings.stepSizeAt(update))));
        });
  }

  private ai.djl.ndarray.types.Shape broadcast() {
    long[] shape = new long[x.getShape().dimension()];
    java.util.Arrays.fill(shape, 1);
    shape[0] = x.getShape().get(0);
    return new ai.djl.ndarray.types.Shape(shape);
  }
}
