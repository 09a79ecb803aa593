package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApgdRunTest {
  private static final int SAMPLES = 12;
  private static final int INPUTS = 20;
  private static final int CLASSES = 5;
  private static final int STEPS = 60;

  private final ToyNetwork toy = ToyNetwork.drawn(INPUTS, 16, CLASSES, 5);
  private final double[][] samples = new double[SAMPLES][];
  private final double[][] starts = new double[SAMPLES][];
  private final int[] labels = new int[SAMPLES];
  private Scope scope = Scope.open("run-test");

  @BeforeEach
  void open() {
    scope.close();
    scope = Scope.open("run-test");
  }

  @AfterEach
  void nothingLeft() {
    scope.close();
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("run-test", "attack step");
  }

  @ParameterizedTest
  @CsvSource({
    "linf, 0.2, true",
    "linf, 0.2, false",
    "l2, 0.8, true",
    "l2, 0.8, false",
    "l1, 2, true",
    "l1, 2, false"
  })
  void climb_toyNetwork_goesTheWayOfThePapers(String norm, double eps, boolean clip) {
    draw(norm, eps, clip);
    double[] found = climbed(new NormBall(Norm.of(norm), eps, clip));
    int returns = 0;
    int kept = 0;
    for (int n = 0; n < SAMPLES; n++) {
      PlainApgd plain = new PlainApgd(toy.crossEntropy(labels[n]), norm, samples[n], eps, clip);
      PlainApgd.Trace trace =
          norm.equals("l1") ? plain.sparse(starts[n], STEPS) : plain.halving(starts[n], STEPS);
      double[] best = Arrays.copyOfRange(found, n * INPUTS, (n + 1) * INPUTS);
      assertThat(best).as("sample %d", n).containsExactly(trace.best(), within(1e-6));
      returns += trace.returns();
      kept += trace.size() > 0.2 * eps ? 1 : 0;
    }
    // Else the rule would not be seen at work.
    assertThat(returns).isGreaterThan(SAMPLES);
    assertThat(kept).isLessThan(SAMPLES);
  }

  @ParameterizedTest
  @CsvSource({"linf, 0.2", "l2, 0.8", "l1, 2"})
  void climb_strongest_isTheSmallestMarginOfAllIterates(String norm, double eps) {
    draw(norm, eps, true);
    NormBall set = new NormBall(Norm.of(norm), eps, true);
    ApgdRun run = run(set);
    Autograd.withoutGradients(() -> climb(run, STEPS));
    double[] ahead = HostTensor.copyOf(run.strongest().loss()).toDoubles();
    double[] points = HostTensor.copyOf(run.strongest().point()).toDoubles();
    double[] highest = HostTensor.copyOf(run.highest()).toDoubles();
    for (int n = 0; n < SAMPLES; n++) {
      assertThat(ahead[n]).isCloseTo(ahead(points, n), within(1e-12));
      assertThat(ahead[n]).isGreaterThanOrEqualTo(ahead(highest, n) - 1e-12);
      assertThat(ahead[n]).isGreaterThan(aheadAt(samples[n], labels[n]));
    }
    // As few after many steps as after one.
    assertThat(scope.liveTensors()).isLessThan(25);
  }

  // The plain projection of l1 is a bisection.
  @ParameterizedTest
  @CsvSource({
    "linf, 0.2, true",
    "linf, 0.2, false",
    "l2, 0.8, true",
    "l2, 0.8, false",
    "l1, 2, true",
    "l1, 2, false",
    "l1, 0.3, true",
    "l1, 9, true"
  })
  void project_pointsOutside_areWhereThePlainOnesAre(String norm, double eps, boolean clip) {
    draw(norm, eps, clip);
    SplittableRandom random = new SplittableRandom(12);
    double[][] away = new double[SAMPLES][];
    Arrays.setAll(away, n -> random.doubles(INPUTS, -0.7, 1.7).toArray());
    NormBall set = new NormBall(Norm.of(norm), eps, clip);
    double[] found = HostTensor.copyOf(set.project(tensor(samples), tensor(away))).toDoubles();
    for (int n = 0; n < SAMPLES; n++) {
      PlainApgd plain = new PlainApgd(toy.crossEntropy(0), norm, samples[n], eps, clip);
      assertThat(Arrays.copyOfRange(found, n * INPUTS, (n + 1) * INPUTS))
          .containsExactly(plain.project(away[n]), within(1e-9));
    }
  }

  private double ahead(double[] points, int n) {
    return aheadAt(Arrays.copyOfRange(points, n * INPUTS, (n + 1) * INPUTS), labels[n]);
  }

  private double aheadAt(double[] point, int label) {
    double[] logits = toy.logits(point);
    double best = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < CLASSES; k++) {
      best = k == label ? best : Math.max(best, logits[k]);
    }
    return best - logits[label];
  }

  private double[] climbed(NormBall set) {
    ApgdRun run = run(set);
    return Autograd.withoutGradients(() -> HostTensor.copyOf(climb(run, STEPS)).toDoubles());
  }

  private NDArray climb(ApgdRun run, int steps) {
    run.climb(tensor(starts), steps);
    return run.highest();
  }

  private ApgdRun run(NormBall set) {
    NDArray label = Margins.oneHot(scope.labels(labels), CLASSES, DataType.FLOAT64);
    var target =
        new ApgdRun.Target(
            toy.live(DataType.FLOAT64, scope), label, label, AttackLoss.CROSS_ENTROPY);
    AttackSpace space = set.attackSpace(tensor(samples), StepWidth.PER_PIXEL);
    return new ApgdRun(target, space, space.adaptiveSteps(STEPS, Optional.empty()), scope);
  }

  private NDArray tensor(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return scope.tensor(flat, DataType.FLOAT64, SAMPLES, 1, 1, INPUTS);
  }

  private void draw(String norm, double eps, boolean clip) {
    SplittableRandom random = new SplittableRandom(77);
    for (int n = 0; n < SAMPLES; n++) {
      samples[n] =
          random.doubles(INPUTS, -0.2, 1.2).map(v -> Math.max(0, Math.min(1, v))).toArray();
      double[] logits = toy.logits(samples[n]);
      labels[n] = 0;
      for (int k = 1; k < CLASSES; k++) {
        labels[n] = logits[k] > logits[labels[n]] ? k : labels[n];
      }
      double[] sample = samples[n];
      double[] away = sample.clone();
      Arrays.setAll(away, i -> sample[i] + random.nextDouble(-eps, eps));
      starts[n] = new PlainApgd(toy.crossEntropy(0), norm, sample, eps, clip).project(away);
    }
  }
}
