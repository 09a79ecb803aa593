package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.attack.Apgd.Aim;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.norm.L1;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.norm.SampleSets;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ApgdTest {
  private static final int SIZE = 6;
  private static final int INPUTS = 40;
  private static final int CLASSES = 5;

  private final double[] pixels =
      new SplittableRandom(3)
          .doubles((long) SIZE * INPUTS, -0.2, 1.2)
          .map(v -> Math.max(0, Math.min(1, v)))
          .toArray();
  private Scope scope = Scope.open("apgd-test");

  @BeforeEach
  void open() {
    scope.close();
    scope = Scope.open("apgd-test");
  }

  @AfterEach
  void nothingLeft() {
    scope.close();
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("apgd-test", "attack", "attack run", "attack step");
  }

  static Stream<Arguments> sets() {
    return Stream.of(AttackMethod.APGD, AttackMethod.APGD_TARGETED)
        .flatMap(how -> SampleSets.about(0.1, INPUTS).map(set -> Arguments.of(how, set)));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void run_anySet_staysInsideAndSaysHowFarTheOtherClassIsAhead(AttackMethod method, NormBall set) {
    ToyNetwork toy = toy(CLASSES);
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
      double tolerance = type == DataType.FLOAT64 ? 1e-9 : 1e-5;
      AttackResult found = run(method, toy, right(toy), set, type, random(1));
      double[] points = values(found.points());
      double[] losses = values(found.losses());
      int gained = 0;
      for (int n = 0; n < SIZE; n++) {
        double[] point = sample(points, n);
        double[] change = point.clone();
        int from = n * INPUTS;
        Arrays.setAll(change, i -> point[i] - pixels[from + i]);
        assertThat(set.norm().measure(change)).isLessThanOrEqualTo(set.eps() + tolerance);
        if (set.clip()) {
          assertThat(Arrays.stream(point)).allMatch(value -> value >= 0 && value <= 1);
        }
        double ahead = ahead(toy, point, right(toy)[n]);
        assertThat(losses[n]).isCloseTo(ahead, within(10 * tolerance));
        gained += ahead > ahead(toy, sample(pixels, n), right(toy)[n]) ? 1 : 0;
      }
      assertThat(gained).isEqualTo(SIZE);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void run_equalKeys_giveEqualBits(AttackMethod method, NormBall set) {
    ToyNetwork toy = toy(CLASSES);
    double[] one = values(run(method, toy, right(toy), set, DataType.FLOAT32, random(1)).points());
    double[] two = values(run(method, toy, right(toy), set, DataType.FLOAT32, random(1)).points());
    assertThat(two).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource(
      value = AttackMethod.class,
      names = {"APGD", "APGD_TARGETED"})
  void run_misclassifiedInputs_areLeftAndCostNothing(AttackMethod method) {
    ToyNetwork toy = toy(CLASSES);
    int[] wrong = Arrays.stream(right(toy)).map(label -> (label + 1) % CLASSES).toArray();
    RandomGenerator random = random(1);
    AttackResult found = run(method, toy, wrong, linf(0.1), DataType.FLOAT64, random);
    assertThat(values(found.points())).isEqualTo(pixels);
    assertThat(random.nextLong()).isEqualTo(random(1).nextLong());
  }

  // One sample is left from the beginning: the others are attacked as if it were not there.
  @Test
  void run_misclassifiedInputAmongOthers_changesNothingForThem() {
    ToyNetwork toy = toy(CLASSES);
    int[] labels = right(toy);
    labels[0] = (labels[0] + 1) % CLASSES;
    AttackMethod method = AttackMethod.APGD;
    double[] all =
        values(run(method, toy, labels, linf(0.02), DataType.FLOAT64, random(1)).points());
    double[] others =
        values(
            run(
                    method,
                    toy,
                    Arrays.copyOfRange(labels, 1, SIZE),
                    Arrays.copyOfRange(pixels, INPUTS, pixels.length),
                    linf(0.02),
                    DataType.FLOAT64,
                    random(1))
                .points());
    assertThat(sample(all, 0)).isEqualTo(sample(pixels, 0));
    assertThat(Arrays.copyOfRange(all, INPUTS, all.length)).containsExactly(others, within(1e-12));
    assertThat(others).isNotEqualTo(Arrays.copyOfRange(pixels, INPUTS, pixels.length));
  }

  @ParameterizedTest
  @EnumSource(
      value = AttackMethod.class,
      names = {"APGD", "APGD_TARGETED"})
  void run_fewClasses_raisesTheCrossEntropy(AttackMethod method) {
    for (int classes : new int[] {2, 3}) {
      ToyNetwork toy = toy(classes);
      AttackResult found = run(method, toy, right(toy), linf(0.5), DataType.FLOAT64, random(1));
      assertThat(Arrays.stream(values(found.losses())).max().orElseThrow()).isPositive();
      assertThat(Apgd.aims(method, classes)).containsExactly(new Aim(AttackLoss.CROSS_ENTROPY, 0));
    }
  }

  @Test
  void aims_manyClasses_areTwoLossesOrAtMostNineTargets() {
    assertThat(Apgd.aims(AttackMethod.APGD, 10))
        .containsExactly(new Aim(AttackLoss.CROSS_ENTROPY, 0), new Aim(AttackLoss.LOGITS_RATIO, 0));
    assertThat(Apgd.aims(AttackMethod.APGD_TARGETED, 4))
        .extracting(Aim::rank)
        .containsExactly(0, 1, 2);
    assertThat(Apgd.aims(AttackMethod.APGD_TARGETED, 200))
        .extracting(Aim::rank)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Apgd.aims(AttackMethod.APGD_TARGETED, 4))
        .extracting(Aim::loss)
        .containsOnly(AttackLoss.TARGETED_LOGITS_RATIO);
  }

  @Test
  void others_drawnLogits_areTheOtherClassesFromTheHighestOn() {
    double[] logits = new SplittableRandom(8).doubles(7L * CLASSES, -2, 2).toArray();
    int[] labels = {0, 1, 2, 3, 4, 0, 1};
    NDArray label = Margins.oneHot(scope.labels(labels), CLASSES, DataType.FLOAT64);
    NDArray found = Apgd.others(scope.tensor(logits, DataType.FLOAT64, 7, CLASSES), label);
    double[] order = values(found);
    for (int n = 0; n < labels.length; n++) {
      int from = n * CLASSES;
      int own = labels[n];
      double[] expected =
          IntStream.range(0, CLASSES)
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                      k -> k == own ? Double.POSITIVE_INFINITY : -logits[from + k]))
              .mapToDouble(Integer::doubleValue)
              .toArray();
      assertThat(Arrays.copyOfRange(order, from, from + CLASSES)).isEqualTo(expected);
    }
  }

  @Test
  void updates_phases_makeUpAllSteps() {
    assertThat(Apgd.updates(new LInf().adaptivePhases(), 100)).containsExactly(100);
    assertThat(Apgd.updates(new L1().adaptivePhases(), 100)).containsExactly(30, 30, 40);
    assertThat(Apgd.updates(new L1().adaptivePhases(), 7)).containsExactly(2, 2, 3);
    assertThat(Apgd.updates(new L1().adaptivePhases(), 1)).containsExactly(0, 0, 1);
    for (Norm norm : Norms.ALL) {
      int last = norm.adaptivePhases().size() - 1;
      assertThat(norm.adaptivePhases().get(last).radius()).isEqualTo(1);
    }
  }

  @Test
  void run_zeroRadius_isTheCleanPoint() {
    ToyNetwork toy = toy(CLASSES);
    for (Norm norm : Norms.ALL) {
      NormBall set = new NormBall(norm, 0, true);
      AttackResult found =
          run(AttackMethod.APGD, toy, right(toy), set, DataType.FLOAT64, random(1));
      assertThat(values(found.points())).isEqualTo(pixels);
    }
  }

  @Test
  void run_anyMethod_keepsOnlyItsResult() {
    ToyNetwork toy = toy(CLASSES);
    for (AttackMethod method : AttackMethod.values()) {
      AttackSubject subject = subject(toy, right(toy), pixels, linf(0.02), DataType.FLOAT32);
      int before = scope.liveTensors();
      EvaluationSearch.run(attack(method), subject, StartPoints.shared(random(1)), scope);
      assertThat(scope.liveTensors()).isEqualTo(before + 2);
    }
  }

  private AttackResult run(
      AttackMethod method,
      ToyNetwork toy,
      int[] labels,
      NormBall set,
      DataType type,
      RandomGenerator random) {
    return run(method, toy, labels, pixels, set, type, random);
  }

  private AttackResult run(
      AttackMethod method,
      ToyNetwork toy,
      int[] labels,
      double[] images,
      NormBall set,
      DataType type,
      RandomGenerator random) {
    StartPoints starts = StartPoints.shared(random);
    return EvaluationSearch.run(
        attack(method), subject(toy, labels, images, set, type), starts, scope);
  }

  private AttackSubject subject(
      ToyNetwork toy, int[] labels, double[] images, NormBall set, DataType type) {
    NDArray x = scope.tensor(images, type, labels.length, 1, 1, INPUTS);
    return new AttackSubject(toy.live(type, scope), x, scope.labels(labels), set);
  }

  private static EvaluationAttack attack(AttackMethod method) {
    return new EvaluationAttack(
        method, new AttackSettings(12, 2, 0.25, StepDecay.none(), AttackStatistics.EVAL, true));
  }

  private static ToyNetwork toy(int classes) {
    return ToyNetwork.drawn(INPUTS, 12, classes, 9);
  }

  private int[] right(ToyNetwork toy) {
    return IntStream.range(0, SIZE)
        .map(
            n -> {
              double[] logits = toy.logits(sample(pixels, n));
              return IntStream.range(0, logits.length)
                  .reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
            })
        .toArray();
  }

  private static double ahead(ToyNetwork toy, double[] point, int label) {
    double[] logits = toy.logits(point);
    return IntStream.range(0, logits.length)
            .filter(k -> k != label)
            .mapToDouble(k -> logits[k])
            .max()
            .orElseThrow()
        - logits[label];
  }

  private static double[] sample(double[] all, int n) {
    return Arrays.copyOfRange(all, n * INPUTS, (n + 1) * INPUTS);
  }

  private static NormBall linf(double eps) {
    return new NormBall(new LInf(), eps, true);
  }

  private static RandomGenerator random(long key) {
    return CounterRandom.of(key, 0, 0, CounterRandom.Role.ADAPTIVE_ATTACK);
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
