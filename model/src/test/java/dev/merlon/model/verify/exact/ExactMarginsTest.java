package dev.merlon.model.verify.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactMarginsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final double TOLERANCE = 1e-5;

  @AfterEach
  void everyScopeIsClosed() {
    assertThat(NativeMemory.openScopes()).doesNotContainKey("exact margins");
  }

  // On a line a fine grid is an exhaustive search: the smallest margin lies at most a step's worth
  // of slope below the smallest on the grid.
  @ParameterizedTest
  @CsvSource({"linf, true", "linf, false", "l1, true", "l1, false"})
  void minimum_oneInput_isTheSmallestOfAFineGrid(String norm, boolean clip) {
    for (int seed = 0; seed < 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Network network = mlp(1, seed % 2 == 0 ? 0 : 0.3);
      ParameterValues values = draw(network, random);
      double[] x = {random.nextDouble()};
      NormBall set = new NormBall(Norm.of(norm), 0.3, clip);
      double low = clip ? Math.max(0, x[0] - 0.3) : x[0] - 0.3;
      double high = clip ? Math.min(1, x[0] + 0.3) : x[0] + 0.3;
      double smallest = gridMinimum(network, values, low, high);

      try (ExactMargins margins = ExactMargins.around(network, values, x, set)) {
        ExactMinimum exact = margins.minimum(0, 1, LIMIT);
        assertThat(exact.proved()).isTrue();
        assertThat(exact.upper()).isBetween(smallest - 5e-3, smallest + TOLERANCE);
        assertThat(exact.lower()).isBetween(exact.upper() - TOLERANCE, exact.upper() + TOLERANCE);
        assertThat(exact.point()[0]).isBetween(low - 1e-6, high + 1e-6);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"linf, 0.1", "l1, 0.5"})
  void minimum_residualConvolution_isBetweenBoundsAndSamples(String norm, double eps) {
    int unstable = 0;
    for (int seed = 0; seed < 6; seed++) {
      SplittableRandom random = new SplittableRandom(100 + seed);
      Network network = residual();
      ParameterValues values = draw(network, random);
      double[] x = random.doubles(16).toArray();
      NormBall set = new NormBall(Norm.of(norm), eps, true);
      double[] crown = crown(network, values, x, set);

      try (ExactMargins margins = ExactMargins.around(network, values, x, set)) {
        unstable += margins.unstable();
        for (int other = 1; other < 3; other++) {
          ExactMinimum exact = margins.minimum(0, other, LIMIT);
          assertThat(exact.proved()).isTrue();
          assertThat(crown[other]).isLessThanOrEqualTo(exact.upper() + 1e-9);
          assertThat(exact.lower()).isGreaterThanOrEqualTo(crown[other] - TOLERANCE);
          for (int sample = 0; sample < 200; sample++) {
            double[] point = sample(x, set, random);
            double[] logits = logits(network, values, point);
            assertThat(logits[0] - logits[other]).isGreaterThan(exact.lower() - TOLERANCE);
          }
        }
      }
    }
    assertThat(unstable).isGreaterThan(20);
  }

  // Both ways of pruning are met: classes that need a program and classes whose bound is enough.
  @Test
  void smallest_allOtherClasses_isTheLeastOfTheirMinima() {
    int pruned = 0;
    for (int seed = 0; seed < 8; seed++) {
      SplittableRandom random = new SplittableRandom(300 + seed);
      Network network = residual();
      ParameterValues values = draw(network, random);
      double[] x = random.doubles(16).toArray();
      NormBall set = new NormBall(Norm.of("linf"), 0.4, true);
      double[] crown = crown(network, values, x, set);

      try (ExactMargins margins = ExactMargins.around(network, values, x, set)) {
        ExactMinimum one = margins.minimum(0, 1, LIMIT);
        ExactMinimum two = margins.minimum(0, 2, LIMIT);
        ExactMinimum smallest = margins.smallest(0, LIMIT);
        double least = Math.min(one.upper(), two.upper());

        assertThat(smallest.proved()).isTrue();
        assertThat(smallest.upper()).isCloseTo(least, within(TOLERANCE));
        assertThat(smallest.lower()).isCloseTo(least, within(TOLERANCE));
        double[] logits = logits(network, values, smallest.point());
        assertThat(logits[0] - Math.max(logits[1], logits[2])).isCloseTo(least, within(TOLERANCE));
        pruned += crown[1] > two.upper() || crown[2] > one.upper() ? 1 : 0;
      }
    }
    assertThat(pruned).isBetween(1, 7);
  }

  @Test
  void smallest_noTime_hasTheBoundsOnly() {
    SplittableRandom random = new SplittableRandom(1);
    Network network = residual();
    ParameterValues values = draw(network, random);
    double[] x = random.doubles(16).toArray();
    NormBall set = new NormBall(Norm.of("linf"), 0.1, true);

    try (ExactMargins margins = ExactMargins.around(network, values, x, set)) {
      ExactMinimum bounds = margins.smallest(0, Duration.ZERO);
      ExactMinimum exact = margins.smallest(0, LIMIT);

      assertThat(bounds.proved()).isFalse();
      assertThat(bounds.upper()).isInfinite();
      assertThat(bounds.lower()).isFinite().isLessThan(exact.lower() + TOLERANCE);
    }
  }

  @Test
  void around_whatIsNotPiecewiseLinear_refused() {
    Network curved = network(new Sigmoid(), 2);
    ParameterValues values = draw(curved, new SplittableRandom(1));
    NormBall box = new NormBall(Norm.of("linf"), 0.1, true);
    assertThatThrownBy(() -> ExactMargins.around(curved, values, new double[2], box))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("relu0");

    Network piecewise = mlp(2, 0);
    ParameterValues drawn = draw(piecewise, new SplittableRandom(1));
    NormBall ball = new NormBall(Norm.of("l2"), 0.1, true);
    assertThatThrownBy(() -> ExactMargins.around(piecewise, drawn, new double[2], ball))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("l2");
  }

  private static Network mlp(int inputs, double slope) {
    return network(slope == 0 ? new Relu() : new LeakyRelu(slope), inputs);
  }

  private static Network network(
      dev.merlon.model.network.operation.Activation activation, int inputs) {
    Network.Builder builder = Network.builder(new Shape(1, 1, inputs));
    builder.append("flatten", new Flatten());
    builder.append("hidden0", new Linear(inputs, 6, true));
    builder.append("relu0", activation);
    builder.append("hidden1", new Linear(6, 5, true));
    builder.append("relu1", activation);
    builder.append("logits", new Linear(5, 2, true));
    return builder.build();
  }

  private static Network residual() {
    Network.Builder builder = Network.builder(new Shape(1, 4, 4));
    Extent three = Extent.square(3);
    Extent one = Extent.square(1);
    builder.append("conv0", new Conv2d(1, 2, three, Extent.square(2), one, true));
    int fork = builder.append("relu0", new Relu());
    int end = builder.append("conv1", new Conv2d(2, 2, three, one, one, true));
    builder.add("sum", new Add(), end, fork);
    builder.append("relu1", new Relu());
    builder.append("flatten", new Flatten());
    builder.append("logits", new Linear(8, 3, true));
    return builder.build();
  }

  private static ParameterValues draw(Network network, SplittableRandom random) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              float[] values = new float[Math.toIntExact(spec.shape().size())];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.8 * random.nextGaussian());
              }
              tensors.put(name, HostTensor.of(values, spec.shape().getShape()));
            });
    return ParameterValues.of(network, tensors);
  }

  private static double gridMinimum(
      Network network, ParameterValues values, double low, double high) {
    int steps = 2000;
    double[] grid = new double[steps + 1];
    Arrays.setAll(grid, i -> low + (high - low) * i / steps);
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
            double[] all =
                Concrete.logits(live, scope.tensor(grid, DataType.FLOAT64, grid.length, 1, 1, 1))
                    .toDoubleArray();
            double smallest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < grid.length; i++) {
              smallest = Math.min(smallest, all[2 * i] - all[2 * i + 1]);
            }
            return smallest;
          });
    }
  }

  private static double[] logits(Network network, ParameterValues values, double[] point) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
            return Concrete.logits(live, scope.tensor(point, DataType.FLOAT64, 1, 1, 4, 4))
                .toDoubleArray();
          });
    }
  }

  private static double[] crown(Network network, ParameterValues values, double[] x, NormBall set) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
            var input = scope.tensor(x, DataType.FLOAT64, 1, 1, 4, 4);
            double[] ibp =
                BoxPropagation.over(live, input, set)
                    .marginLowerBounds(scope.labels(0))
                    .toDoubleArray();
            double[] crown =
                Crown.crown(live, input, set, scope.labels(0), CrownOptions.full()).toDoubleArray();
            Arrays.setAll(crown, j -> Math.max(crown[j], ibp[j]));
            return crown;
          });
    }
  }

  /** A random point of the set, often at its border. */
  private static double[] sample(double[] x, NormBall set, SplittableRandom random) {
    double[] step = new double[x.length];
    Arrays.setAll(step, i -> random.nextBoolean() ? random.nextDouble(-1, 1) : 0);
    double length = Math.max(set.norm().measure(step), 1e-9);
    double[] point = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double moved = x[i] + step[i] / length * set.eps();
      point[i] = Math.max(0, Math.min(1, moved));
    }
    return point;
  }
}
