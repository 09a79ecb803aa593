package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.attack.Pgd.Keep;
import dev.merlon.model.attack.Pgd.Options;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.norm.SampleSets;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.sample.Present;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PgdTest {
  private static final RunSettings RUN = SampleRun.settings("initialisation=default");
  private static final int SIZE = 8;
  private static final AttackSettings TEN_STEPS = attack(10, 2, true);
  private final Batch batch = SampleRun.batch(0, SIZE);
  private Scope scope = Scope.open("attack-test");

  @BeforeEach
  void open() {
    scope.close();
    scope = Scope.open("attack-test");
  }

  @AfterEach
  void nothingLeft() {
    scope.close();
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("attack-test", "attack", "attack step");
  }

  static Stream<Arguments> sets() {
    return Stream.of(DataType.FLOAT32, DataType.FLOAT64)
        .flatMap(type -> SampleSets.about(0.1, 64).map(set -> Arguments.of(type, set)));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void search_anySet_staysInside(DataType type, NormBall set) {
    // With a step of nothing an unclamped start would often be the best iterate.
    AttackSettings still =
        new AttackSettings(1, 4, 1e-9, StepDecay.none(), AttackStatistics.EVAL, false);
    for (AttackSettings settings : List.of(TEN_STEPS, attack(3, 1, false), still)) {
      double[] points = search(type, set, settings, Options.TRAINING, 1).points();
      double tolerance = type == DataType.FLOAT64 ? 1e-9 : 1e-6;
      for (int n = 0; n < SIZE; n++) {
        double[] change = difference(points, n);
        assertThat(set.norm().measure(change)).isLessThanOrEqualTo(set.eps() + tolerance);
      }
      if (set.clip()) {
        assertThat(Arrays.stream(points).min().orElseThrow()).isGreaterThanOrEqualTo(0);
        assertThat(Arrays.stream(points).max().orElseThrow()).isLessThanOrEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void search_anySet_beatsTheCleanAndARandomPoint(DataType type, NormBall set) {
    double[] found = search(type, set, TEN_STEPS, Options.TRAINING, 1).losses();
    double[] clean = losses(type, pixels());
    double[] random = pixels();
    RandomGenerator draws = CounterRandom.of(5, 0, 0, CounterRandom.Role.DATA);
    double[] noise = draws.doubles(random.length, -1, 1).toArray();
    double size = set.norm().measure(Arrays.copyOf(noise, random.length / SIZE));
    for (int i = 0; i < random.length; i++) {
      random[i] += set.eps() / size * noise[i];
    }
    double[] drawn = losses(type, random);
    for (int n = 0; n < SIZE; n++) {
      assertThat(found[n]).isGreaterThan(clean[n]);
    }
    // Of one sample, a random point may happen to be the better one.
    assertThat(Arrays.stream(found).sum()).isGreaterThan(Arrays.stream(drawn).sum());
  }

  @ParameterizedTest
  @MethodSource("sets")
  void search_losses_areThoseOfItsPoints(DataType type, NormBall set) {
    Found found = search(type, set, TEN_STEPS, Options.TRAINING, 1);
    double[] again = losses(type, found.points());
    double tolerance = type == DataType.FLOAT64 ? 1e-12 : 1e-5;
    for (int n = 0; n < SIZE; n++) {
      assertThat(Math.abs(found.losses()[n] - again[n])).isLessThan(tolerance);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void search_equalKeys_giveEqualBits(DataType type, NormBall set) {
    Found one = search(type, set, TEN_STEPS, Options.TRAINING, 1);
    Found two = search(type, set, TEN_STEPS, Options.TRAINING, 1);
    Found other = search(type, set, TEN_STEPS, Options.TRAINING, 2);
    assertThat(two.points()).isEqualTo(one.points());
    assertThat(two.losses()).isEqualTo(one.losses());
    assertThat(other.points()).isNotEqualTo(one.points());
  }

  @Test
  void search_moreRestarts_neverFindLess() {
    NormBall set = new NormBall(new LInf(), 0.1, true);
    double[] one = search(DataType.FLOAT64, set, attack(3, 1, true), Options.TRAINING, 1).losses();
    double[] five = search(DataType.FLOAT64, set, attack(3, 5, true), Options.TRAINING, 1).losses();
    for (int n = 0; n < SIZE; n++) {
      assertThat(five[n]).isGreaterThanOrEqualTo(one[n]);
    }
    assertThat(Arrays.stream(five).sum()).isGreaterThan(Arrays.stream(one).sum());
  }

  // Steps so long that the iterates leap about: the last one is seldom the best.
  @Test
  void search_oscillatingSteps_keepTheBestIterate() {
    NormBall set = new NormBall(new LInf(), 0.4, true);
    double[] before = new double[SIZE];
    Arrays.fill(before, Double.NEGATIVE_INFINITY);
    for (int steps = 1; steps <= 6; steps++) {
      AttackSettings leaping =
          new AttackSettings(steps, 1, 2, StepDecay.none(), AttackStatistics.EVAL, true);
      double[] found = search(DataType.FLOAT64, set, leaping, Options.TRAINING, 1).losses();
      for (int n = 0; n < SIZE; n++) {
        assertThat(found[n]).isGreaterThanOrEqualTo(before[n]);
      }
      before = found;
    }
  }

  @Test
  void search_zeroRadius_isTheCleanPoint() {
    for (Norm norm : Norms.ALL) {
      NormBall point = new NormBall(norm, 0, true);
      assertThat(search(DataType.FLOAT64, point, TEN_STEPS, Options.TRAINING, 1).points())
          .isEqualTo(pixels());
    }
  }

  @Test
  void search_recordingCaller_leavesNoParameterGradientAndNoGraph() {
    Autograd.recording(
        () -> {
          LiveNetwork live = live(DataType.FLOAT64, true);
          NDArray x = scope.leaf(scope.tensor(pixels(), DataType.FLOAT64, shape()));
          NormBall set = new NormBall(new LInf(), 0.1, true);
          AttackResult found =
              Pgd.search(
                  live,
                  x,
                  scope.labels(batch.labels()),
                  set,
                  TEN_STEPS,
                  Options.TRAINING,
                  random(1),
                  scope);
          Autograd.backward(found.points().add(x).sum());
          live.tensors()
              .forEach(
                  (name, leaf) -> {
                    if (Present.in(live.network().parameters(), name).role().trainable()) {
                      assertThat(HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles())
                          .as(name)
                          .containsOnly(0);
                    }
                  });
          assertThat(HostTensor.copyOf(Autograd.gradient(x)).toDoubles()).containsOnly(1);
          return live;
        });
  }

  @Test
  void search_manySteps_keepsOnlyItsResult() {
    LiveNetwork live = live(DataType.FLOAT32, false);
    NDArray x = scope.tensor(pixels(), DataType.FLOAT32, shape());
    NDArray labels = scope.labels(batch.labels());
    int before = scope.liveTensors();
    NormBall set = new NormBall(new LInf(), 0.1, true);
    Pgd.search(live, x, labels, set, TEN_STEPS, Options.TRAINING, random(1), scope);
    assertThat(scope.liveTensors()).isEqualTo(before + 2);
  }

  // Training: the highest loss wins. Evaluation: a misclassified point wins whatever its loss.
  @Test
  void best_misclassifiedIterate_winsOnlyByRank() {
    Scope work = scope.child("work");
    BestIterate best = new BestIterate(scope);
    best.offer(
        iterate(work, new double[] {10, 20}, new double[] {5, 1}, new double[] {0, 1}), work);
    best.offer(
        iterate(work, new double[] {11, 21}, new double[] {1, 9}, new double[] {1, 0}), work);
    best.offer(
        iterate(work, new double[] {12, 22}, new double[] {1, 1}, new double[] {1, 1}), work);
    best.offer(
        iterate(work, new double[] {13, 23}, new double[] {1.001, 0.5}, new double[] {1, 1}), work);
    work.close();
    assertThat(values(best.get().point())).containsExactly(13, 20);
    assertThat(values(best.get().loss())).containsExactly(1.001, 1);
    assertThat(scope.liveTensors()).isEqualTo(3);
  }

  @Test
  void best_lossThatIsNoNumber_doesNotSpoilTheOthers() {
    Scope work = scope.child("work");
    BestIterate best = new BestIterate(scope);
    double nan = Double.NaN;
    best.offer(iterate(work, new double[] {10, 20}, new double[] {5, 1}, new double[2]), work);
    best.offer(iterate(work, new double[] {nan, 21}, new double[] {nan, 2}, new double[2]), work);
    work.close();
    assertThat(values(best.get().point())).containsExactly(10, 21);
    assertThat(values(best.get().loss())).containsExactly(5, 2);
  }

  @Test
  void search_misclassifiedFirst_returnsMisclassifiedPointsWhereThereAreSome() {
    NormBall set = new NormBall(new LInf(), 0.35, true);
    int training = misclassified(search(DataType.FLOAT64, set, TEN_STEPS, Options.TRAINING, 1));
    Options options = new Options(StepWidth.PER_PIXEL, Keep.MISCLASSIFIED_FIRST);
    int evaluation = misclassified(search(DataType.FLOAT64, set, TEN_STEPS, options, 1));
    assertThat(evaluation).isPositive().isGreaterThanOrEqualTo(training);
  }

  @Test
  void searchTargets_eachTarget_raisedOverTheLabelInsideTheSet() {
    NormBall set = new NormBall(new LInf(), 0.1, true);
    LiveNetwork live = live(DataType.FLOAT64, false);
    NDArray x = scope.tensor(pixels(), DataType.FLOAT64, shape());
    NDArray labels = scope.labels(batch.labels());
    double[] before = values(logits(DataType.FLOAT64, pixels()));
    for (int turn = 1; turn <= 2; turn++) {
      int[] targets = targets(turn);
      AttackResult found =
          Pgd.searchTargets(
              scope.labels(targets), live, x, labels, set, TEN_STEPS, random(1), scope);
      double[] points = values(found.points());
      double[] after = values(logits(DataType.FLOAT64, points));
      double[] losses = values(found.losses());
      for (int n = 0; n < SIZE; n++) {
        assertThat(losses[n]).isCloseTo(ahead(after, targets, n), within(1e-12));
        assertThat(losses[n]).isGreaterThan(ahead(before, targets, n));
        assertThat(set.norm().measure(difference(points, n))).isLessThanOrEqualTo(0.1 + 1e-9);
      }
    }
  }

  private int[] targets(int turn) {
    return Arrays.stream(batch.labels()).map(label -> (label + turn) % 3).toArray();
  }

  private double ahead(double[] logits, int[] targets, int sample) {
    return logits[3 * sample + targets[sample]] - logits[3 * sample + batch.labels()[sample]];
  }

  // Compared element by element only.
  @SuppressWarnings("ArrayRecordComponent")
  private record Found(double[] points, double[] losses) {}

  private Found search(
      DataType type, NormBall set, AttackSettings settings, Options options, long key) {
    NDArray x = scope.tensor(pixels(), type, shape());
    NDArray labels = scope.labels(batch.labels());
    AttackResult found =
        Pgd.search(live(type, false), x, labels, set, settings, options, random(key), scope);
    assertThat(found.points().getShape()).isEqualTo(x.getShape());
    assertThat(found.points().getDataType()).isEqualTo(type);
    return new Found(values(found.points()), values(found.losses()));
  }

  private double[] losses(DataType type, double[] points) {
    return Autograd.withoutGradients(
        () -> values(Margins.logitCrossEntropy(logits(type, points), oneHot(type))));
  }

  private int misclassified(Found found) {
    return Autograd.withoutGradients(
        () -> {
          NDArray y = oneHot(DataType.FLOAT64);
          NDArray margins = Margins.of(logits(DataType.FLOAT64, found.points()), y);
          double[] smallest = values(Margins.smallest(margins, y));
          return (int) Arrays.stream(smallest).filter(m -> m < 0).count();
        });
  }

  private NDArray logits(DataType type, double[] points) {
    return Concrete.logits(live(type, false), scope.tensor(points, type, shape()));
  }

  private NDArray oneHot(DataType type) {
    return Margins.oneHot(scope.labels(batch.labels()), 3, type);
  }

  private LiveNetwork live(DataType type, boolean gradients) {
    Map<String, NDArray> owned = new LinkedHashMap<>();
    SampleRun.initial(RUN)
        .as(type)
        .tensors()
        .forEach((name, value) -> owned.put(name, scope.tensor(value)));
    return LiveNetwork.over(SampleRun.network(RUN), owned, scope, gradients);
  }

  private double[] pixels() {
    double[] wide = new double[batch.pixels().length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = batch.pixels()[i];
    }
    return wide;
  }

  private double[] difference(double[] points, int sample) {
    double[] clean = pixels();
    int length = clean.length / SIZE;
    double[] change = new double[length];
    for (int i = 0; i < length; i++) {
      change[i] = points[sample * length + i] - clean[sample * length + i];
    }
    return change;
  }

  private static long[] shape() {
    return new Shape(SIZE, 1, 8, 8).getShape();
  }

  private static BestIterate.Iterate iterate(
      Scope work, double[] points, double[] losses, double[] ranks) {
    return new BestIterate.Iterate(
        work.tensor(points, DataType.FLOAT64, 2, 1, 1, 1),
        work.tensor(losses, DataType.FLOAT64, 2),
        work.tensor(ranks, DataType.FLOAT64, 2));
  }

  private static AttackSettings attack(int steps, int restarts, boolean clampStart) {
    return new AttackSettings(
        steps, restarts, 0.25, StepDecay.none(), AttackStatistics.EVAL, clampStart);
  }

  private static StartPoints random(long key) {
    return StartPoints.shared(CounterRandom.of(key, 0, 0, CounterRandom.Role.ATTACK));
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
