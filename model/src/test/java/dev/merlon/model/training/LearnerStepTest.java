package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.objective.PgdObjective;
import dev.merlon.model.attack.AttackResult;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.Present;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a step, a statistics pass and an evaluation compute, against computations by hand. */
class LearnerStepTest {
  private static final Offset<Double> TINY = Offset.offset(1e-10);
  private static final int SIZE = 6;

  @Test
  void update_firstNaturalStep_isAdamOnThePenalisedClippedGradient() {
    double l1 = 1e-2;
    double clip = 0.05;
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=natural", "optimizer.l1=" + l1, "optimizer.gradient-clip=" + clip)) {
      ParameterValues before = run.learner().values();
      Map<String, double[]> gradients = naturalGradients(run, before);
      gradients.forEach(
          (name, gradient) -> {
            boolean weight =
                Present.in(run.learner().network().parameters(), name).role() == Role.WEIGHT;
            double[] values = before.get(name).toDoubles();
            for (int i = 0; i < gradient.length; i++) {
              gradient[i] += weight ? l1 * Math.signum(values[i]) : 0;
            }
          });
      double norm =
          Math.sqrt(
              gradients.values().stream().flatMapToDouble(Arrays::stream).map(g -> g * g).sum());
      assertThat(norm).isGreaterThan(clip);

      assertThat(run.step(0).gradientNorm()).isCloseTo(norm, TINY);

      double rate = run.phase(0).learningRate();
      gradients.forEach(
          (name, gradient) -> {
            double[] old = before.get(name).toDoubles();
            double[] moved = run.learner().values().get(name).toDoubles();
            for (int i = 0; i < old.length; i++) {
              double g = gradient[i] * clip / (norm + 1e-6);
              // A gradient of rounding noise may have either sign; its step says nothing.
              double expected = old[i] - rate * g / (Math.abs(g) + 1e-8);
              double tolerance = Math.abs(g) < 1e-12 ? rate : 1e-8;
              assertThat(moved[i]).as(name).isCloseTo(expected, Offset.offset(tolerance));
            }
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void search_configuredStatistics_areThoseTheAttackSees(AttackStatistics statistics) {
    String word = statistics.name().toLowerCase(Locale.ROOT);
    try (LearnerFixture run =
        LearnerFixture.of("objective.kind=pgd", "objective.attack.batch-norm=" + word)) {
      run.steps(0, 3);
      try (AttackedStep step = run.search(9);
          Scope scope = Scope.open("test")) {
        AttackedBatch found = step.parts().get(0);
        HostTensor points = HostTensor.copyOf(found.points().get(0));
        assertThat(points).isEqualTo(attacked(run, statistics, scope));
        assertThat(points).isNotEqualTo(HostTensor.copyOf(found.x()));
      }
    }
  }

  private static HostTensor attacked(LearnerFixture run, AttackStatistics statistics, Scope scope) {
    return Autograd.withoutGradients(
        () -> {
          LiveNetwork running =
              LiveNetwork.evaluation(
                  run.learner().network(), run.learner().values(), DataType.FLOAT64, scope);
          Batch batch = SampleRun.batch(9, SIZE);
          NDArray x = images(scope, batch);
          LiveNetwork used =
              statistics == AttackStatistics.EVAL
                  ? running
                  : running.withStatistics(Concrete.clean(running, x).statistics());
          Phase phase = run.phase(9);
          PgdObjective pgd = (PgdObjective) run.settings().objective();
          RandomGenerator random =
              CounterRandom.of(
                  run.settings().seed(), phase.epoch(), phase.step(), CounterRandom.Role.ATTACK);
          AttackResult result =
              Pgd.search(
                  BatchNormFolding.of(run.learner().network()).apply(used),
                  x,
                  scope.labels(batch.labels()),
                  new NormBall(new LInf(), phase.eps(), true),
                  pgd.attack(),
                  Pgd.Options.TRAINING,
                  StartPoints.shared(random),
                  scope);
          return HostTensor.copyOf(result.points());
        });
  }

  @Test
  void update_runningStatistics_moveByMomentumOfTheCleanBatch() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=sabr", "batch-norm.momentum=0.3")) {
      run.step(0);
      ParameterValues before = run.learner().values();
      Map<String, double[]> batch = statistics(run, before, 9);
      run.step(9);
      ParameterValues after = run.learner().values();
      assertThat(batch).hasSize(4);
      batch.forEach(
          (name, fresh) -> {
            double[] old = before.get(name).toDoubles();
            double[] moved = after.get(name).toDoubles();
            for (int i = 0; i < old.length; i++) {
              assertThat(moved[i]).as(name).isCloseTo(0.7 * old[i] + 0.3 * fresh[i], TINY);
            }
          });
    }
  }

  @Test
  void finishStatistics_severalBatches_arePlainAverages() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      run.step(0);
      ParameterValues before = run.learner().values();
      int batches = 5;
      Map<String, double[]> sums = new LinkedHashMap<>();
      run.learner().beginStatistics(Weights.TRAINED);
      for (int step = 0; step < batches; step++) {
        run.learner().addStatistics(SampleRun.batch(step, SIZE));
        statistics(run, before, step)
            .forEach(
                (name, fresh) -> {
                  double[] sum = sums.computeIfAbsent(name, key -> new double[fresh.length]);
                  Arrays.setAll(sum, i -> sum[i] + fresh[i]);
                });
      }
      assertThat(run.learner().values()).isEqualTo(before);
      run.learner().finishStatistics();
      ParameterValues after = run.learner().values();
      for (String name : after.tensors().keySet()) {
        if (!sums.containsKey(name)) {
          assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
          continue;
        }
        double[] averages = Arrays.stream(sums.get(name)).map(sum -> sum / batches).toArray();
        assertThat(after.get(name).toDoubles()).as(name).containsExactly(averages, TINY);
      }
    }
  }

  @Test
  void finishStatistics_noBatch_keepsTheRunningOnes() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      run.step(0);
      ParameterValues before = run.learner().values();
      run.learner().beginStatistics(Weights.TRAINED);
      run.learner().finishStatistics();
      assertThat(run.learner().values()).isEqualTo(before);
    }
  }

  @Test
  void beginStatistics_unfinishedPass_isForgotten() {
    try (LearnerFixture once = LearnerFixture.of("objective.kind=ibp");
        LearnerFixture again = LearnerFixture.of("objective.kind=ibp")) {
      again.learner().beginStatistics(Weights.TRAINED);
      again.learner().addStatistics(SampleRun.batch(3, SIZE));
      for (LearnerFixture run : new LearnerFixture[] {once, again}) {
        run.learner().beginStatistics(Weights.TRAINED);
        run.learner().addStatistics(SampleRun.batch(0, SIZE));
        run.learner().finishStatistics();
      }
      assertThat(again.learner().values()).isEqualTo(once.learner().values());
    }
  }

  @Test
  void evaluate_countsAreThoseOfLogitsAndMargins() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp", "schedule.eps-train=0.02")) {
      run.steps(0, 16);
      run.learner().beginStatistics(Weights.TRAINED);
      run.learner().addStatistics(SampleRun.batch(0, 20));
      run.learner().finishStatistics();
      NormBall set = new NormBall(new LInf(), 0.03, true);
      Batch batch = SampleRun.batch(40, 50);
      EvaluationCounts counts = evaluate(run, batch, set);
      assertThat(counts).isEqualTo(byHand(run, batch, set));
      assertThat(counts.size()).isEqualTo(50);
      assertThat(counts.certified()).isPositive().isLessThan(counts.correct());
      assertThat(counts.correct()).isLessThan(counts.size() + 1);

      EvaluationCounts point = evaluate(run, batch, set.withEps(0));
      assertThat(point.certified()).isEqualTo(point.correct()).isEqualTo(counts.correct());
      EvaluationCounts huge = evaluate(run, batch, set.withEps(0.9));
      assertThat(huge.certified()).isZero();
      NormBall ball = new NormBall(new L2(), 0.1, true);
      assertThat(evaluate(run, batch, ball)).isEqualTo(byHand(run, batch, ball));
    }
  }

  @Test
  void plus_twoCounts_addsEach() {
    assertThat(new EvaluationCounts(5, 4, 2, 1).plus(new EvaluationCounts(7, 3, 3, 2)))
        .isEqualTo(new EvaluationCounts(12, 7, 5, 3));
    assertThat(EvaluationCounts.NONE.plus(EvaluationCounts.NONE)).isEqualTo(EvaluationCounts.NONE);
  }

  private static EvaluationCounts evaluate(LearnerFixture run, Batch batch, NormBall set) {
    EvaluationPlan intervals = new EvaluationPlan(List.of(set), Optional.empty(), List.of(), false);
    return run.learner().evaluate(batch, Weights.TRAINED, intervals);
  }

  private static Map<String, double[]> naturalGradients(
      LearnerFixture run, ParameterValues values) {
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> owned = new LinkedHashMap<>();
      values.tensors().forEach((name, value) -> owned.put(name, scope.tensor(value)));
      return Autograd.recording(
          () -> {
            LiveNetwork live = LiveNetwork.over(run.learner().network(), owned, scope, true);
            Batch batch = SampleRun.batch(0, SIZE);
            NDArray y = Margins.oneHot(scope.labels(batch.labels()), 3, DataType.FLOAT64);
            NDArray logits = Concrete.clean(live, images(scope, batch)).logits();
            Autograd.backward(Margins.logitCrossEntropy(logits, y).mean());
            Map<String, double[]> gradients = new LinkedHashMap<>();
            run.learner()
                .network()
                .parameters()
                .forEach(
                    (name, spec) -> {
                      if (spec.role().trainable()) {
                        NDArray gradient = Autograd.gradient(Present.in(live.tensors(), name));
                        gradients.put(name, HostTensor.copyOf(gradient).toDoubles());
                      }
                    });
            return gradients;
          });
    }
  }

  // Means and unbiased variances of one clean batch, under the names of the running ones.
  private static Map<String, double[]> statistics(
      LearnerFixture run, ParameterValues values, long step) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live =
                LiveNetwork.evaluation(run.learner().network(), values, DataType.FLOAT64, scope);
            CleanForward clean = Concrete.clean(live, images(scope, SampleRun.batch(step, SIZE)));
            Map<String, double[]> statistics = new LinkedHashMap<>();
            clean
                .statistics()
                .forEach(
                    (node, batch) -> {
                      long n = Present.in(clean.counts(), node);
                      statistics.put(
                          node + ".running_mean", HostTensor.copyOf(batch.mean()).toDoubles());
                      statistics.put(
                          node + ".running_var",
                          Arrays.stream(HostTensor.copyOf(batch.variance()).toDoubles())
                              .map(v -> v * n / (double) (n - 1))
                              .toArray());
                    });
            return statistics;
          });
    }
  }

  private static EvaluationCounts byHand(LearnerFixture run, Batch batch, NormBall set) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live =
                LiveNetwork.evaluation(
                    run.learner().network(), run.learner().values(), DataType.FLOAT64, scope);
            NDArray x = images(scope, batch);
            NDArray labels = scope.labels(batch.labels());
            double[] logits = HostTensor.copyOf(Concrete.logits(live, x)).toDoubles();
            double[] margins =
                HostTensor.copyOf(BoxPropagation.over(live, x, set).marginLowerBounds(labels))
                    .toDoubles();
            int correct = 0;
            int certified = 0;
            for (int n = 0; n < batch.size(); n++) {
              int label = batch.labels()[n];
              boolean right = true;
              boolean proved = true;
              for (int k = 0; k < 3; k++) {
                right &= k == label || logits[3 * n + label] > logits[3 * n + k];
                proved &= k == label || margins[3 * n + k] > 0;
              }
              correct += right ? 1 : 0;
              certified += right && proved ? 1 : 0;
            }
            return new EvaluationCounts(batch.size(), correct, correct, certified);
          });
    }
  }

  private static NDArray images(Scope scope, Batch batch) {
    return scope.tensor(batch.pixels(), DataType.FLOAT64, batch.size(), 1, 8, 8);
  }
}
