package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.AdaptiveSteps;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * APGD (Croce and Hein 2020; {@code l1} as in their paper of 2021): runs from random starts on one
 * loss after another, each without the samples that are misclassified by then, the input itself
 * included. It runs on the cross-entropy and the difference of logits ratio, or on the targeted
 * ratio towards the other classes of highest logits; with fewer than four classes on the
 * cross-entropy alone. A run computes as many gradients as it has steps. It works on a detached
 * network. Not thread-safe.
 */
final class Apgd {
  private static final int MOST_TARGETS = 9;
  // Of the largest logit: how far a class has to be ahead of the label before a sample is left, so
  // that another runtime's rounding does not undo it.
  private static final double CLEARLY = 1e-4;

  private final AttackSettings settings;
  private final AttackSubject subject;
  private final LiveNetwork live;
  private final Scope scope;
  private final NDArray x;
  private final AttackSpace space;
  private final BestIterate best;
  private final NDArray others;
  private final double[] clearly;

  private Apgd(AttackSettings settings, AttackSubject subject, Scope scope) {
    this.settings = settings;
    this.subject = subject;
    this.live = subject.live().detached(scope);
    this.scope = scope;
    this.x = scope.constant(subject.x());
    this.space = subject.set().attackSpace(x, StepWidth.PER_PIXEL);
    this.best = new BestIterate(scope);
    try (Scope work = scope.child("attack run")) {
      NDArray label = oneHot(work.constant(subject.labels()));
      NDArray origin = space.origin();
      NDArray logits = Concrete.logits(live, space.points(work.constant(origin)));
      NDArray ahead = Margins.smallest(Margins.of(logits, label), label).neg();
      best.offer(new BestIterate.Iterate(origin, ahead, ahead.zerosLike()), work);
      this.others = scope.adopt(others(logits, label));
      double[] sizes = HostTensor.copyOf(logits.abs().max(new int[] {1})).toDoubles();
      this.clearly = Arrays.stream(sizes).map(size -> CLEARLY * Math.max(1, size)).toArray();
    }
  }

  /** A loss and, for a targeted one, the rank of the class it heads for, from 0. */
  record Aim(AttackLoss loss, int rank) {}

  /**
   * Searches the perturbation set around each sample for the point at which the best other class is
   * furthest ahead of the label. That is the result's loss.
   *
   * @param aims what is raised, one run after the other, each from every start
   * @param settings numbers of steps and restarts
   * @param starts where start points come from
   * @param into scope that will own the result
   */
  static AttackResult search(
      List<Aim> aims,
      AttackSettings settings,
      AttackSubject subject,
      StartPoints starts,
      Scope into) {
    try (Scope scope = into.child("attack")) {
      return Autograd.withoutGradients(
          () -> {
            Apgd apgd = new Apgd(settings, subject, scope);
            BestIterate.Iterate found = apgd.found(aims, starts);
            return AttackResult.at(found.point(), found.loss(), apgd.space, into);
          });
    }
  }

  /** The aims of a method; with fewer than four classes the cross-entropy alone. */
  static List<Aim> aims(AttackMethod method, int classes) {
    if (classes < AttackLoss.FEWEST_CLASSES) {
      return List.of(new Aim(AttackLoss.CROSS_ENTROPY, 0));
    }
    return method == AttackMethod.APGD_TARGETED
        ? IntStream.range(0, Math.min(MOST_TARGETS, classes - 1))
            .mapToObj(rank -> new Aim(AttackLoss.TARGETED_LOGITS_RATIO, rank))
            .toList()
        : Stream.of(AttackLoss.CROSS_ENTROPY, AttackLoss.LOGITS_RATIO)
            .map(loss -> new Aim(loss, 0))
            .toList();
  }

  private BestIterate.Iterate found(List<Aim> aims, StartPoints starts) {
    for (Aim aim : aims) {
      for (int restart = 0; restart < settings.restarts(); restart++) {
        int[] open = open();
        if (open.length > 0) {
          attempt(aim, open, starts);
        }
      }
    }
    return best.get();
  }

  private int[] open() {
    double[] ahead = HostTensor.copyOf(best.get().loss()).toDoubles();
    return IntStream.range(0, ahead.length).filter(n -> !(ahead[n] > clearly[n])).toArray();
  }

  private void attempt(Aim aim, int[] open, StartPoints starts) {
    try (Scope work = scope.child("attack run")) {
      int[] batch = starts.batch(open);
      NDArray rows = work.labels(batch);
      NDArray label = oneHot(rows(subject.labels(), rows, work));
      NDArray heading = oneHot(rows(work.constant(others).get(":," + aim.rank()), rows, work));
      AttackSpace around = subject.set().attackSpace(rows(x, rows, work), StepWidth.PER_PIXEL);
      var target = new ApgdRun.Target(live.detached(work), label, heading, aim.loss());
      offer(phases(target, around, starts.of(batch), work), open, work);
    }
  }

  private BestIterate.Iterate phases(
      ApgdRun.Target target, AttackSpace around, StartPoints starts, Scope work) {
    List<AdaptiveSteps.Phase> phases = around.phases();
    int[] updates = updates(phases, settings.steps());
    Optional<ApgdRun> run = Optional.empty();
    for (int i = 0; i < updates.length; i++) {
      if (updates[i] > 0) {
        AttackSpace part = around.times(phases.get(i).radius());
        Optional<NDArray> reached = run.map(before -> part.project(before.highest(), work));
        NDArray start = reached.orElseGet(() -> part.start(starts, true, work));
        run = Optional.of(climbed(target, part, start, reached.isPresent(), updates[i], work));
      }
    }
    return run.orElseThrow().strongest();
  }

  private static ApgdRun climbed(
      ApgdRun.Target target,
      AttackSpace part,
      NDArray start,
      boolean reached,
      int updates,
      Scope work) {
    Optional<double[]> moved =
        reached ? Optional.of(ApgdRun.moved(part.origin(), start, work)) : Optional.empty();
    ApgdRun run = new ApgdRun(target, part, part.adaptiveSteps(updates, moved), work);
    run.climb(start, updates);
    return run;
  }

  /** The steps of each phase; the last has what the others leave. */
  static int[] updates(List<AdaptiveSteps.Phase> phases, int steps) {
    int[] updates =
        phases.stream().mapToInt(p -> (int) ((long) steps * p.percent() / 100)).toArray();
    int last = updates.length - 1;
    updates[last] = steps - (Arrays.stream(updates).sum() - updates[last]);
    return updates;
  }

  // A sample that had no run takes the place of the first one, as one that is never better.
  private void offer(BestIterate.Iterate found, int[] open, Scope work) {
    int[] place = new int[clearly.length];
    double[] none = new double[clearly.length];
    Arrays.fill(none, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < open.length; i++) {
      place[open[i]] = i;
      none[open[i]] = 0;
    }
    NDArray places = work.labels(place);
    NDArray ahead =
        rows(found.loss(), places, work)
            .add(work.tensor(none, found.loss().getDataType(), none.length));
    NDArray points = rows(found.point(), places, work);
    best.offer(new BestIterate.Iterate(points, ahead, ahead.zerosLike()), work);
  }

  private NDArray oneHot(NDArray classes) {
    return Margins.oneHot(classes, live.network().classes(), x.getDataType());
  }

  /** The classes of each sample from the highest logit on, the label last; {@code [N, K]}. */
  static NDArray others(NDArray logits, NDArray label) {
    return logits.sub(Scalars.times(label, 1e30)).argSort(1, false);
  }

  private static NDArray rows(NDArray values, NDArray places, Scope work) {
    Shape shape = values.getShape();
    NDArray flat = work.constant(values).reshape(shape.get(0), -1);
    Shape wanted = new Shape(places.size(), flat.getShape().get(1));
    NDArray index = places.reshape(places.size(), 1).broadcast(wanted);
    return flat.gather(index, 0).reshape(new Shape(places.size()).addAll(shape.slice(1)));
  }
}
