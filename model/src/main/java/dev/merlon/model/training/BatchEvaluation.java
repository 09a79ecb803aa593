package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.attack.AttackSubject;
import dev.merlon.model.attack.EvaluationSearch;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Plan;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Counts what a network gets right in one batch, what of it withstands an attack and what bounds
 * prove of it. An image has to do so for every threat of the plan.
 */
final class BatchEvaluation {
  private final LiveNetwork live;
  private final NDArray x;
  private final NDArray labels;
  private final NDArray oneHot;

  /**
   * The evaluation of a batch, without gradients.
   *
   * @param live the network with running statistics
   * @param x {@code [N, C, H, W]}
   * @param labels {@code int64 [N]}
   */
  BatchEvaluation(LiveNetwork live, NDArray x, NDArray labels) {
    this.live = live;
    this.x = x;
    this.labels = labels;
    this.oneHot = Margins.oneHot(labels, live.network().classes(), x.getDataType());
  }

  /**
   * Counts.
   *
   * @param random where the attack's start points come from
   */
  EvaluationCounts counts(EvaluationPlan plan, RandomGenerator random) {
    NDArray correct = isCorrect(x);
    NDArray withstood = correct;
    NDArray certified = correct;
    NDArray latent = correct;
    for (Plan search : plan.latent()) {
      latent = latent.logicalAnd(isRightAtLatentPoints(search, random));
    }
    for (NormBall set : plan.sets()) {
      certified = certified.logicalAnd(isCertified(set, plan.crownIbp()));
      if (plan.attack().isPresent()) {
        withstood = withstood.logicalAnd(isCorrect(points(set, plan.attack().get(), random)));
      }
    }
    return new EvaluationCounts(
        Math.toIntExact(labels.size()),
        count(correct),
        count(withstood),
        count(latent),
        count(certified));
  }

  private NDArray isCorrect(NDArray points) {
    return Concrete.logits(live, points).argMax(1).eq(labels);
  }

  private NDArray isCertified(NormBall set, boolean crownIbp) {
    BoxTrace trace = BoxPropagation.over(live, x, set);
    NDArray proved = isProved(trace.marginLowerBounds(labels));
    boolean all = count(proved) == labels.size();
    return all || !crownIbp
        ? proved
        : proved.logicalOr(
            isProved(Crown.crownIbp(trace, x, set, labels, CrownOptions.everyLayerConcretised())));
  }

  private NDArray isProved(NDArray margins) {
    return Margins.smallest(margins, oneHot).gt(0);
  }

  private NDArray points(NormBall set, EvaluationAttack attack, RandomGenerator random) {
    AttackSubject subject = new AttackSubject(live, x, labels, set);
    return EvaluationSearch.run(attack, subject, StartPoints.shared(random), live.scope()).points();
  }

  private NDArray points(
      NormBall set, AttackSettings attack, Pgd.Options options, RandomGenerator random) {
    StartPoints starts = StartPoints.shared(random);
    return Pgd.search(live, x, labels, set, attack, options, starts, live.scope()).points();
  }

  private NDArray isRightAtLatentPoints(Plan plan, RandomGenerator random) {
    List<NDArray> points =
        plan.attacks().stream()
            .map(search -> points(search.set(), search.settings(), search.options(), random))
            .toList();
    AttackedBatch batch = new AttackedBatch(live.scope(), x, labels, plan, points, () -> random);
    return plan.terms().get(0).accept(new StepTerms(live, batch, oneHot)).certified();
  }

  /** How many are true. */
  static int count(NDArray flags) {
    return Math.toIntExact(flags.toType(DataType.INT64, false).sum().getLong());
  }
}
