package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSelectionTest {
  private static final EvaluationCounts COUNTS = new EvaluationCounts(10, 9, 7, 5, 4);

  @Test
  void value_everyMetric_isItsShareOfAllImages() {
    assertThat(selection(SelectionMetric.NATURAL, 0).value(COUNTS)).isEqualTo(0.9);
    assertThat(selection(SelectionMetric.ADVERSARIAL, 0).value(COUNTS)).isEqualTo(0.7);
    assertThat(selection(SelectionMetric.TAPS, 0).value(COUNTS)).isEqualTo(0.5);
    assertThat(selection(SelectionMetric.CERTIFIED, 0).value(COUNTS)).isEqualTo(0.4);
  }

  @Test
  void after_betterEqualAndWorse_keepsTheEarlierOfEquals() {
    ModelSelection selection = selection(SelectionMetric.CERTIFIED, 0);
    BestModel first = selection.after(Optional.empty(), 3, COUNTS);
    assertThat(first).isEqualTo(new BestModel(3, 0.4));
    assertThat(selection.after(Optional.of(first), 4, COUNTS)).isEqualTo(first);
    assertThat(selection.after(Optional.of(first), 4, new EvaluationCounts(10, 9, 9, 3)))
        .isEqualTo(first);
    assertThat(selection.after(Optional.of(first), 5, new EvaluationCounts(10, 9, 9, 5)))
        .isEqualTo(new BestModel(5, 0.5));
  }

  @Test
  void isExhausted_afterPatienceWithoutABetterModel_isTrue() {
    ModelSelection selection = selection(SelectionMetric.NATURAL, 2);
    Optional<BestModel> best = Optional.of(new BestModel(3, 0.4));
    assertThat(selection.isExhausted(best, 4)).isFalse();
    assertThat(selection.isExhausted(best, 5)).isTrue();
    assertThat(selection.isExhausted(Optional.empty(), 9)).isFalse();
    assertThat(selection(SelectionMetric.NATURAL, 0).isExhausted(best, 99)).isFalse();
  }

  @Test
  void after_everyScoreZero_laterStaysAndPatienceWaits() {
    ModelSelection selection = selection(SelectionMetric.CERTIFIED, 1);
    EvaluationCounts zero = new EvaluationCounts(10, 9, 9, 0);
    BestModel first = selection.after(Optional.empty(), 3, zero);
    BestModel second = selection.after(Optional.of(first), 4, zero);

    assertThat(second).isEqualTo(new BestModel(4, 0));
    assertThat(second.isChosen()).isFalse();
    assertThat(selection.isExhausted(Optional.of(second), 9)).isFalse();
    BestModel third = selection.after(Optional.of(second), 5, new EvaluationCounts(10, 9, 9, 1));
    assertThat(third.isChosen()).isTrue();
    assertThat(selection.after(Optional.of(third), 6, zero)).isEqualTo(third);
    assertThat(selection.isExhausted(Optional.of(third), 6)).isTrue();
  }

  @Test
  void evaluationPlan_selectionThreat_isMeasuredAlone() {
    EvaluationPlan plan =
        EvaluationPlan.of(
            SampleRun.settings(
                "evaluation.threats=linf:0.1,l2:0.3",
                "selection.metric=certified",
                "selection.threat=l2:0.3"));

    assertThat(plan.sets()).containsExactly(NormBall.of(ThreatSpec.parse("l2:0.3"), true));
  }

  // Bounds prove less than an attack fails to refute; CROWN-IBP proves at least as much as IBP.
  @Test
  void evaluate_growingRadii_ordersAttackAndBounds() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=natural")) {
      run.steps(0, 16);
      run.learner().beginStatistics(Weights.TRAINED);
      run.learner().addStatistics(SampleRun.batch(0, 20));
      run.learner().finishStatistics();
      int gained = 0;
      int refuted = 0;
      for (double eps : new double[] {0.001, 0.003, 0.01, 0.03, 0.1}) {
        EvaluationCounts intervals = evaluate(run, eps, "ibp");
        EvaluationCounts crown = evaluate(run, eps, "ibp,crown-ibp");
        assertThat(intervals.size()).isEqualTo(60);
        assertThat(intervals.certified()).isLessThanOrEqualTo(crown.certified());
        assertThat(crown.certified()).isLessThanOrEqualTo(crown.withstood());
        assertThat(crown.withstood()).isLessThanOrEqualTo(crown.correct());
        assertThat(evaluate(run, eps, "ibp,crown-ibp")).isEqualTo(crown);
        gained += crown.certified() - intervals.certified();
        refuted += crown.correct() - crown.withstood();
      }
      assertThat(gained).isPositive();
      assertThat(refuted).isPositive();
    }
  }

  // In two steps, PGD does not come far; APGD begins with the ball's diameter.
  @Test
  void evaluate_apgdAsAttack_refutesMoreInFewSteps() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=natural")) {
      run.steps(0, 16);
      run.learner().beginStatistics(Weights.TRAINED);
      run.learner().addStatistics(SampleRun.batch(0, 20));
      run.learner().finishStatistics();
      int pgd = 0;
      int apgd = 0;
      for (double eps : new double[] {0.01, 0.03, 0.1}) {
        EvaluationCounts found = evaluate(run, eps, "ibp", "method=apgd", "steps=2");
        assertThat(found.withstood()).isBetween(found.certified(), found.correct());
        assertThat(evaluate(run, eps, "ibp", "method=apgd", "steps=2")).isEqualTo(found);
        pgd += evaluate(run, eps, "ibp", "method=pgd", "steps=2").withstood();
        apgd += found.withstood();
      }
      assertThat(apgd).isLessThan(pgd);
    }
  }

  // Points of the latent box are a subset of what interval bounds cover, and the network's own
  // values on the small box are in it.
  @ParameterizedTest
  @ValueSource(strings = {"taps", "staps"})
  void evaluate_latentPoints_withstandNoLessThanIsProved(String objective) {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=" + objective)) {
      run.steps(0, 16);
      Set<Integer> counted = new HashSet<>();
      for (double eps : new double[] {0.001, 0.01, 0.03, 0.1, 0.3}) {
        EvaluationPlan plan =
            EvaluationPlan.of(
                SampleRun.settings(
                    "objective.kind=" + objective,
                    "selection.metric=taps",
                    "evaluation.threats=linf:" + eps,
                    "evaluation.rungs=ibp"));
        Map<String, Integer> before = NativeMemory.liveTensors();
        EvaluationCounts counts =
            run.learner().evaluate(SampleRun.batch(40, 60), Weights.TRAINED, plan);
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        assertThat(counts.latent()).isBetween(counts.certified(), counts.correct());
        assertThat(run.learner().evaluate(SampleRun.batch(40, 60), Weights.TRAINED, plan))
            .isEqualTo(counts);
        counted.add(counts.latent());
      }
      assertThat(counted).hasSizeGreaterThan(2);
    }
  }

  private static EvaluationCounts evaluate(
      LearnerFixture run, double eps, String rungs, String... attack) {
    List<String> changes =
        new ArrayList<>(
            List.of(
                "selection.metric=adversarial",
                "evaluation.threats=linf:" + eps + ",l2:" + 3 * eps,
                "evaluation.rungs=" + rungs));
    Arrays.stream(attack).forEach(key -> changes.add("evaluation.attack." + key));
    EvaluationPlan plan = EvaluationPlan.of(SampleRun.settings(changes.toArray(String[]::new)));
    return run.learner().evaluate(SampleRun.batch(40, 60), Weights.TRAINED, plan);
  }

  private static ModelSelection selection(SelectionMetric metric, int patience) {
    return new ModelSelection(
        SampleRun.settings(
                "objective.kind=taps",
                "selection.metric=" + metric.word(),
                "selection.patience=" + patience)
            .selection());
  }
}
