package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.norm.SampleSets;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrownTest {
  private static final double TOLERANCE = 1e-10;
  private final GoldenCase conv = GoldenCases.bundled("conv_stride2");
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

  @Test
  void crown_afterwards_nothingButTheResultIsLeft() {
    Setup setup = setup();
    try (Scope batch = scope.child("batch")) {
      NDArray x = batch.view(setup.x());
      NDArray labels = batch.view(setup.labels());
      NormBall set = new NormBall(new L2(), 0.1, true);
      Map<String, Integer> open = NativeMemory.openScopes();
      int before = batch.liveTensors();
      quiet(() -> Crown.crown(setup.live(), x, set, labels, CrownOptions.sparse()));
      assertThat(batch.liveTensors()).isEqualTo(before + 1);
      assertThat(NativeMemory.openScopes()).isEqualTo(open);
    }
  }

  @Test
  void crownIbp_afterwards_nothingButTheResultIsLeft() {
    Setup setup = setup();
    try (Scope batch = scope.child("batch")) {
      NDArray x = batch.view(setup.x());
      NDArray labels = batch.view(setup.labels());
      NormBall set = new NormBall(new LInf(), 0.02, true);
      BoxTrace trace = quiet(() -> BoxPropagation.over(setup.live(), x, set));
      // Boxes compute their other form when they are first asked for it.
      trace.boxes().forEach(box -> box.lower().add(box.upper()).close());
      int before = batch.liveTensors();
      quiet(() -> Crown.crownIbp(trace, x, set, labels, CrownOptions.full()));
      assertThat(batch.liveTensors()).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crown_oneSampleOrABatch_givesTheSame(NormBall set) {
    Setup setup = setup();
    for (CrownOptions options : new CrownOptions[] {CrownOptions.full(), CrownOptions.sparse()}) {
      double[] batch = doubles(crown(setup, set, options));
      int classes = setup.live().network().classes();
      for (int n = 0; n < conv.labels().length; n++) {
        NDArray x = setup.x().get(new NDIndex("{}:{}", n, n + 1));
        NDArray label = scope.labels(conv.labels()[n]);
        double[] alone = doubles(quiet(() -> Crown.crown(setup.live(), x, set, label, options)));
        double[] expected = Arrays.copyOfRange(batch, n * classes, (n + 1) * classes);
        assertThat(alone).containsExactly(expected, within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crown_chunksOfAnySize_giveTheSame(NormBall set) {
    Setup setup = setup();
    for (CrownOptions options : new CrownOptions[] {CrownOptions.full(), CrownOptions.sparse()}) {
      double[] expected = doubles(crown(setup, set, options));
      for (long coefficients : new long[] {1, 7000, 50_000}) {
        double[] actual = doubles(crown(setup, set, options.withCoefficients(coefficients)));
        assertThat(actual).containsExactly(expected, within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void crown_radiusZero_givesTheMargins(NormBall set) {
    Setup setup = setup();
    NDArray y = Margins.oneHot(setup.labels(), 5, setup.x().getDataType());
    double[] margins = doubles(Margins.of(setup.logits(), y));
    for (CrownOptions options : new CrownOptions[] {CrownOptions.full(), CrownOptions.sparse()}) {
      assertThat(doubles(crown(setup, set.withEps(0), options)))
          .containsExactly(margins, within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void crownBounds_outputRows_matchTheOutputBox(Norm norm) {
    Setup setup = setup();
    NormBall set = new NormBall(norm, 0.02, true);
    int output = setup.live().network().output().id();
    quiet(
        () -> {
          try (CrownBounds bounds =
              CrownBounds.of(setup.live(), setup.x(), set, CrownOptions.full())) {
            Box box = bounds.box(output);
            NDArray rows = scope.manager().eye(5).toType(setup.x().getDataType(), false);
            NDArray lower = bounds.lower(output, rows.expandDims(0));
            assertThat(doubles(lower)).containsExactly(doubles(box.lower()), within(TOLERANCE));
            assertThat(box.upper().sub(box.lower()).min().toDoubleArray()[0]).isPositive();
            return lower;
          }
        });
  }

  @ParameterizedTest
  @MethodSource("norms")
  void crown_gradient_agreesWithCentralDifferences(Norm norm) {
    GoldenCase golden = GoldenCases.bundled("mlp_bn_train");
    NormBall set = new NormBall(norm, 0.03, true);
    double step = 1e-6;
    double[] gradient =
        Autograd.recording(
            () -> {
              Setup setup = golden.open(scope, true);
              Autograd.backward(sum(setup, set));
              return doubles(Autograd.gradient(leaf(setup, "1.weight")));
            });
    for (int i : new int[] {0, 17, 100}) {
      double slope = (moved(golden, set, i, step) - moved(golden, set, i, -step)) / (2 * step);
      assertThat(gradient[i]).isCloseTo(slope, within(1e-5 * (1 + Math.abs(slope))));
    }
  }

  @Test
  void options_noCoefficients_areRefused() {
    assertThatThrownBy(() -> CrownOptions.full().withCoefficients(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // The bounds' sum after one weight was moved; statistics are recomputed with it.
  private static double moved(GoldenCase golden, NormBall set, int index, double step) {
    try (Scope own = Scope.open("test")) {
      return quiet(
          () -> {
            double[] change = new double[12 * 16];
            change[index] = step;
            Setup setup = golden.open(own, false, "1.weight", change);
            return sum(setup, set).toDoubleArray()[0];
          });
    }
  }

  private static NDArray leaf(Setup setup, String parameter) {
    return Optional.ofNullable(setup.live().tensors().get(parameter)).orElseThrow();
  }

  private static NDArray sum(Setup setup, NormBall set) {
    return Crown.crown(setup.live(), setup.x(), set, setup.labels(), CrownOptions.full()).sum();
  }

  private Setup setup() {
    return quiet(() -> conv.open(scope, false));
  }

  private static NDArray crown(Setup setup, NormBall set, CrownOptions options) {
    return quiet(() -> Crown.crown(setup.live(), setup.x(), set, setup.labels(), options));
  }

  private static <T> T quiet(Supplier<T> work) {
    return Autograd.withoutGradients(work);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
