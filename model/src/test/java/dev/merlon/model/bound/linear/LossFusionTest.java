package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.norm.SampleSets;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossFusionTest {
  private static final double ROUNDING = 1e-10;
  private static final List<CrownOptions> FORMS =
      List.of(CrownOptions.full(), CrownOptions.everyLayerConcretised());
  private Scope scope;

  static Stream<NormBall> sets() {
    return SampleSets.about(0.02, 3 * 8 * 8);
  }

  static Stream<Norm> norms() {
    return Norms.ALL.stream();
  }

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crossEntropy_pointsOfTheRegion_areNeverAbove(NormBall set) {
    for (GoldenCase golden : GoldenCases.bundled().toList()) {
      Setup setup = quiet(() -> golden.open(scope, false));
      for (double radius : new double[] {0.1, 1, 10}) {
        NormBall grown = set.withEps(radius * set.eps());
        double[] highest = highestLosses(setup, grown);
        for (CrownOptions form : FORMS) {
          for (double share : new double[] {0.3, 1}) {
            double[] bound = fused(setup, grown, share, form);
            for (int n = 0; n < bound.length; n++) {
              assertThat(bound[n]).as("%s %s", golden, grown).isGreaterThan(highest[n] - ROUNDING);
            }
          }
        }
      }
    }
  }

  // One affine layer: the best bound of a sum of chords is known, corner by corner.
  @Test
  void crossEntropy_oneLayer_isTheSumOfChordsAtTheWorstCorner() {
    double[] weight = {1.5, -2, 0.5, 0.3, 1, -0.7};
    double[] x = {0.4, 0.7};
    double eps = 0.2;
    Network.Builder layers = Network.builder(new Shape(1, 1, 2));
    int flat = layers.add("flat", new Flatten(), 0);
    layers.add("fc", new Linear(2, 3, false), flat);
    Network network = layers.build();
    LiveNetwork live =
        LiveNetwork.over(
            network,
            Map.of("fc.weight", scope.tensor(weight, DataType.FLOAT64, 3, 2)),
            scope,
            false);
    NDArray input = scope.tensor(x, DataType.FLOAT64, 1, 1, 1, 2);
    Setup setup = new Setup(live, input, scope.labels(1), input);
    NormBall set = new NormBall(new LInf(), eps, true);

    double largest = Double.NEGATIVE_INFINITY;
    for (double a : new double[] {x[0] - eps, x[0] + eps}) {
      for (double b : new double[] {x[1] - eps, x[1] + eps}) {
        double sum = 1;
        for (int other : new int[] {0, 2}) {
          double first = weight[2 * other] - weight[2];
          double second = weight[2 * other + 1] - weight[3];
          double center = first * x[0] + second * x[1];
          double half = eps * (Math.abs(first) + Math.abs(second));
          double slope = (Math.exp(center + half) - Math.exp(center - half)) / (2 * half);
          sum += Math.exp(center - half) + slope * (first * a + second * b - center + half);
        }
        largest = Math.max(largest, Math.log(sum));
      }
    }
    assertThat(fused(setup, set, 1, CrownOptions.full())[0]).isCloseTo(largest, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crossEntropy_noShare_isTheIntervalLoss(NormBall set) {
    Setup setup = setup();
    double[] interval =
        quiet(() -> doubles(Margins.crossEntropy(margins(setup, set), oneHot(setup))));
    assertThat(fused(setup, set, 0, CrownOptions.full()))
        .containsExactly(interval, within(ROUNDING));
    double[] half = fused(setup, set, 0.5, CrownOptions.full());
    double[] whole = fused(setup, set, 1, CrownOptions.full());
    for (int n = 0; n < half.length; n++) {
      double mixed = Math.log(0.5 * Math.exp(whole[n]) + 0.5 * Math.exp(interval[n]));
      assertThat(half[n]).isCloseTo(mixed, within(ROUNDING));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crossEntropy_everyLayerConcretised_isNowhereAboveTheIntervalLoss(NormBall set) {
    Setup setup = setup();
    double[] interval =
        quiet(() -> doubles(Margins.crossEntropy(margins(setup, set), oneHot(setup))));
    double[] every = fused(setup, set, 1, CrownOptions.everyLayerConcretised());
    double[] atInput = fused(setup, set, 1, CrownOptions.full());
    for (int n = 0; n < every.length; n++) {
      assertThat(every[n]).isLessThan(Math.min(interval[n], atInput[n]) + ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void crossEntropy_radiusZero_isTheLossWithItsGradient(Norm norm) {
    NormBall point = new NormBall(norm, 0, true);
    GoldenCases.bundled()
        .forEach(
            golden -> {
              double[] exact =
                  gradient(golden, s -> Margins.logitCrossEntropy(s.logits(), oneHot(s)));
              double[] fused = gradient(golden, s -> loss(s, point, 1, CrownOptions.full()));
              assertThat(fused).containsExactly(exact, within(ROUNDING));
            });
  }

  @ParameterizedTest
  @MethodSource("norms")
  void crossEntropy_gradient_agreesWithCentralDifferences(Norm norm) {
    GoldenCase golden = GoldenCases.bundled("mlp_bn_train");
    NormBall set = new NormBall(norm, 0.03, true);
    double step = 1e-6;
    double[] gradient = gradient(golden, s -> loss(s, set, 0.8, CrownOptions.full()));
    for (int i : new int[] {0, 17, 100}) {
      double slope = (moved(golden, set, i, step) - moved(golden, set, i, -step)) / (2 * step);
      // The loss itself comes first.
      assertThat(gradient[i + 1]).isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
    }
  }

  // Margins of thousands overflow the exponential, tiny widths underflow their squares.
  @ParameterizedTest
  @MethodSource("norms")
  void crossEntropy_float32AnyWidth_isFiniteWithItsGradient(Norm norm) {
    GoldenCase golden = GoldenCases.bundled("mlp");
    for (double radius : new double[] {1e-20, 1e-9, 1e-4, 0.1, 10}) {
      for (double size : new double[] {1, 100}) {
        NormBall set = new NormBall(norm, radius, false);
        Autograd.recording(
            () -> {
              LiveNetwork live = single(golden, size);
              NDArray x = scope.tensor(golden.tensor("x").as(DataType.FLOAT32));
              Setup setup = new Setup(live, x, scope.labels(golden.labels()), x);
              NDArray loss = loss(setup, set, 1, CrownOptions.full()).mean();
              Autograd.backward(loss);
              assertThat(Float.isFinite(loss.getFloat())).as(set.toString()).isTrue();
              live.tensors()
                  .forEach(
                      (name, leaf) ->
                          assertThat(Arrays.stream(doubles(Autograd.gradient(leaf))))
                              .as("%s of %s", name, set)
                              .allMatch(Double::isFinite));
              return loss;
            });
      }
    }
  }

  @Test
  void crossEntropy_boundsThatAccountForRounding_areRefused() {
    Setup setup = setup();
    InputSet input = InputSet.around(setup.x(), new NormBall(new LInf(), 0.02, true));
    BoxTrace trace = quiet(() -> BoxPropagation.over(setup.live(), input, Rounding.REAL));
    assertThatThrownBy(
            () -> LossFusion.crossEntropy(trace, input, setup.labels(), 1, CrownOptions.full()))
        .isInstanceOf(IllegalStateException.class);
  }

  private LiveNetwork single(GoldenCase golden, double size) {
    Map<String, NDArray> owned = new HashMap<>();
    golden
        .values()
        .tensors()
        .forEach(
            (name, value) -> {
              double[] scaled = Arrays.stream(value.toDoubles()).map(w -> size * w).toArray();
              owned.put(name, scope.tensor(scaled, DataType.FLOAT32, value.shape().getShape()));
            });
    return LiveNetwork.over(golden.network(), owned, scope, true);
  }

  private interface Loss {
    NDArray of(Setup setup);
  }

  // The mean loss and its derivative by the first weights.
  private double[] gradient(GoldenCase golden, Loss loss) {
    return Autograd.recording(
        () -> {
          Setup setup = golden.open(scope, true);
          NDArray mean = loss.of(setup).mean();
          double value = mean.toDoubleArray()[0];
          Autograd.backward(mean);
          String first = golden.network().parameters().keySet().iterator().next();
          NDArray leaf = Optional.ofNullable(setup.live().tensors().get(first)).orElseThrow();
          double[] derivative = doubles(Autograd.gradient(leaf));
          double[] all = new double[derivative.length + 1];
          all[0] = value;
          System.arraycopy(derivative, 0, all, 1, derivative.length);
          return all;
        });
  }

  private static double moved(GoldenCase golden, NormBall set, int index, double step) {
    try (Scope own = Scope.open("test")) {
      return quiet(
          () -> {
            double[] change = new double[12 * 16];
            change[index] = step;
            Setup setup = golden.open(own, false, "1.weight", change);
            return loss(setup, set, 0.8, CrownOptions.full()).mean().toDoubleArray()[0];
          });
    }
  }

  // Random points, most of them at the border, and steps of steepest ascent from there.
  private double[] highestLosses(Setup setup, NormBall set) {
    RandomGenerator random = CounterRandom.of(5, 0, 0, CounterRandom.Role.ATTACK);
    double[] highest = new double[Math.toIntExact(setup.x().getShape().get(0))];
    Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    for (int start = 0; start < 4; start++) {
      NDArray noise =
          CounterRandom.normal(random, scope, DataType.FLOAT64, setup.x().getShape().getShape());
      NDArray point = quiet(() -> set.project(setup.x(), setup.x().add(noise.mul(set.eps()))));
      for (int step = 0; step < 4; step++) {
        NDArray leaf = scope.leaf(point);
        NDArray losses =
            Autograd.recording(
                () -> {
                  NDArray each =
                      Margins.logitCrossEntropy(Concrete.logits(setup.live(), leaf), oneHot(setup));
                  Autograd.backward(each.sum());
                  return each.stopGradient();
                });
        double[] values = doubles(losses);
        for (int n = 0; n < values.length; n++) {
          highest[n] = Math.max(highest[n], values[n]);
        }
        NDArray gradient = Autograd.gradient(leaf);
        point =
            quiet(
                () -> {
                  NDArray move = set.norm().steepest(gradient).mul(set.eps());
                  return set.project(setup.x(), scope.constant(leaf).add(move));
                });
      }
    }
    return highest;
  }

  private static double[] fused(Setup setup, NormBall set, double share, CrownOptions options) {
    return quiet(() -> doubles(loss(setup, set, share, options)));
  }

  private static NDArray loss(Setup setup, NormBall set, double share, CrownOptions options) {
    InputSet input = InputSet.around(setup.x(), set);
    BoxTrace trace = BoxPropagation.over(setup.live(), input);
    return LossFusion.crossEntropy(trace, input, setup.labels(), share, options);
  }

  private static NDArray margins(Setup setup, NormBall set) {
    return BoxPropagation.over(setup.live(), setup.x(), set).marginLowerBounds(setup.labels());
  }

  private static NDArray oneHot(Setup setup) {
    return Margins.oneHot(
        setup.labels(), setup.live().network().classes(), setup.x().getDataType());
  }

  private Setup setup() {
    return quiet(() -> GoldenCases.bundled("conv_stride2").open(scope, false));
  }

  private static <T> T quiet(Supplier<T> work) {
    return Autograd.withoutGradients(work);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
