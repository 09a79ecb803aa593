package dev.merlon.model.bound.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.onnx.runtime.RuntimeSession.Optimisation;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Bounds that account for rounding, on networks whose large weights cancel, so that plain
 * arithmetic is wrong on them: against the exact real function at single points, where a lower
 * bound that is too high by one rounding shows, and against ONNX Runtime.
 */
class RoundingTest {
  private static final int NETWORKS = 36;
  // The share of the accounted errors that is enough in practice, and what is not.
  private static final Rounding TOO_LITTLE = new Rounding(0x1p-53 / 4096, 0);

  /** Lower bounds of all margins, one way after another. */
  private enum Way {
    IBP,
    CROWN_IBP,
    EVERY_LAYER,
    CROWN,
    CROWN_SPARSE,
    ALPHA_CROWN
  }

  private static final class Count {
    private int bounds;
    private int tooHigh;

    void compare(double bound, BigDecimal margin) {
      if (Double.isFinite(bound)) {
        bounds++;
        tooHigh += new BigDecimal(bound).compareTo(margin) > 0 ? 1 : 0;
      }
    }

    double share() {
      return tooHigh / (double) bounds;
    }
  }

  @Test
  void real_cancellingNetworksAtAPoint_neverAboveTheExactMargin() {
    Count real = new Count();
    Count plain = new Count();
    Count tooLittle = new Count();
    for (int seed = 0; seed < NETWORKS; seed++) {
      Drawn drawn = Drawn.of(seed);
      List<BigDecimal[]> exact = List.<BigDecimal[]>of(drawn.exactMargins(drawn.x));
      for (Norm norm : Norms.ALL) {
        NormBall point = new NormBall(norm, 0, seed % 2 == 0);
        compare(drawn, point, Rounding.REAL, exact, real);
      }
      // What is wrong is shown to be seen for one norm each.
      Norm norm = Norms.ALL.get(seed % Norms.ALL.size());
      NormBall point = new NormBall(norm, 0, seed % 2 == 0);
      compare(drawn, point, Rounding.IGNORED, exact, plain);
      compare(drawn, point, TOO_LITTLE, exact, tooLittle);
    }
    assertThat(real.bounds).isGreaterThan(1000);
    assertThat(real.tooHigh).isZero();
    // The networks do break plain arithmetic, and errors too small by far are noticed.
    assertThat(plain.share()).isGreaterThan(0.2);
    assertThat(tooLittle.tooHigh).isPositive();
  }

  @Test
  void real_cancellingNetworksOnBalls_neverAboveTheExactMarginsOfTheirPoints() {
    Count real = new Count();
    for (int seed = 0; seed < NETWORKS; seed++) {
      Drawn drawn = Drawn.of(1000 + seed);
      for (Norm norm : Norms.ALL) {
        double eps = Math.pow(10, -10 + seed % 9);
        NormBall set = new NormBall(norm, eps, false);
        List<BigDecimal[]> exact =
            drawn.points(eps / drawn.x.length).stream().map(drawn::exactMargins).toList();
        compare(drawn, set, Rounding.REAL, exact, real);
      }
    }
    assertThat(real.bounds).isGreaterThan(1000);
    assertThat(real.tooHigh).isZero();
  }

  @Test
  void deployed_anyNetworkAtAPoint_neverAboveWhatTheRuntimeReturns() {
    Count deployed = new Count();
    Count real = new Count();
    for (int seed = 0; seed < NETWORKS; seed++) {
      Drawn drawn = Drawn.of(seed);
      NormBall point = new NormBall(Norm.of("linf"), 0, true);
      List<BigDecimal[]> shown =
          Arrays.stream(Optimisation.values()).map(drawn::runtimeMargins).toList();
      compare(drawn, point, Rounding.DEPLOYED, shown, deployed);
      compare(drawn, point, Rounding.REAL, shown, real);
    }
    assertThat(deployed.bounds).isGreaterThan(1000);
    assertThat(deployed.tooHigh).isZero();
    assertThat(real.share()).isGreaterThan(0.2);
  }

  @Test
  void real_margin_losesLittleOnAnOrdinaryNetwork() {
    Drawn drawn = Drawn.ordinary(3);
    NormBall set = new NormBall(Norm.of("linf"), 0.01, true);
    for (Way way : Way.values()) {
      double[] plain = drawn.bounds(way, set, Rounding.IGNORED);
      double[] real = drawn.bounds(way, set, Rounding.REAL);
      for (int j = 0; j < plain.length; j++) {
        assertThat(real[j]).isLessThanOrEqualTo(plain[j]);
        assertThat(plain[j] - real[j]).isLessThan(1e-10);
      }
    }
  }

  @Test
  void bounds_overflowingNetwork_notFinite() {
    Drawn drawn = Drawn.overflowing();
    NormBall set = new NormBall(Norm.of("linf"), 0.1, true);
    for (Way way : Way.values()) {
      for (Rounding rounding :
          new Rounding[] {Rounding.IGNORED, Rounding.REAL, Rounding.DEPLOYED}) {
        double[] bounds = drawn.bounds(way, set, rounding);
        assertThat(bounds[1]).as("%s %s", way, rounding).isNotFinite();
      }
    }
  }

  // The bounds of each way with the margins of every point.
  private static void compare(
      Drawn drawn, NormBall set, Rounding rounding, List<BigDecimal[]> all, Count count) {
    for (Way way : Way.values()) {
      double[] bounds = drawn.bounds(way, set, rounding);
      for (BigDecimal[] margins : all) {
        for (int j = 1; j < bounds.length; j++) {
          count.compare(bounds[j], margins[j]);
        }
      }
    }
  }

  /** A model file, an input, and the label 0. */
  private static final class Drawn {
    private final byte[] file;
    private final Network network;
    private final ParameterValues values;
    private final double[] x;

    private Drawn(Network drawn, ParameterValues drawnValues, SplittableRandom random) {
      file = OnnxExport.bytes(drawn, drawnValues, Map.of());
      // Exported constants are float32; what counts is the file.
      ImportedModel model = OnnxImport.parse(file, "drawn");
      network = model.network();
      values = model.values();
      x = point(network.inputShape(), random);
    }

    static Drawn of(int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      Network network = covered(random);
      return new Drawn(network, cancelling(network, random), random);
    }

    static Drawn ordinary(int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      Network network = covered(random);
      return new Drawn(network, RandomValues.draw(network, random), random);
    }

    static Drawn overflowing() {
      Network.Builder builder = Network.builder(new Shape(1, 1, 2));
      builder.append("flatten", new Flatten());
      for (int i = 0; i < 12; i++) {
        builder.append("linear" + i, new Linear(2, 2, true));
        builder.append("relu" + i, new Relu());
      }
      builder.append("logits", new Linear(2, 2, true));
      Network network = builder.build();
      Map<String, HostTensor> huge = new LinkedHashMap<>();
      network
          .parameters()
          .forEach(
              (name, spec) -> {
                float[] values = new float[Math.toIntExact(spec.shape().size())];
                Arrays.fill(values, 1e30f);
                huge.put(name, HostTensor.of(values, spec.shape().getShape()));
              });
      return new Drawn(network, ParameterValues.of(network, huge), new SplittableRandom(1));
    }

    // A float32 point, as the runtime takes it.
    private static double[] point(Shape shape, SplittableRandom random) {
      double[] x = new double[Math.toIntExact(shape.size())];
      Arrays.setAll(x, i -> (float) random.nextDouble());
      return x;
    }

    private static Network covered(SplittableRandom random) {
      NetworkKind[] kinds = NetworkKind.values();
      while (true) {
        Network network = kinds[random.nextInt(kinds.length)].draw(random);
        if (ExactNetwork.covers(network)) {
          return network;
        }
      }
    }

    // Every output comes twice with opposite large weights and a small difference.
    private static ParameterValues cancelling(Network network, SplittableRandom random) {
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      ParameterValues drawn = RandomValues.draw(network, random);
      network
          .parameters()
          .forEach((name, spec) -> tensors.put(name, scaled(drawn.get(name), spec.role(), random)));
      return ParameterValues.of(network, tensors);
    }

    private static HostTensor scaled(
        HostTensor tensor, ParameterSpec.Role role, SplittableRandom random) {
      if (role == ParameterSpec.Role.RUNNING_VARIANCE) {
        return tensor;
      }
      double scale = Math.pow(10, random.nextDouble(-2, 5));
      double[] wide = tensor.toDoubles();
      float[] values = new float[wide.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (wide[i] * scale * (random.nextInt(4) == 0 ? 1e-4 : 1));
      }
      return HostTensor.of(values, tensor.shape().getShape());
    }

    BigDecimal[] exactMargins(double[] at) {
      BigDecimal[] logits = new ExactNetwork(network, values).logits(at);
      return Arrays.stream(logits).map(logits[0]::subtract).toArray(BigDecimal[]::new);
    }

    BigDecimal[] runtimeMargins(Optimisation optimisation) {
      float[] input = new float[x.length];
      for (int i = 0; i < input.length; i++) {
        input[i] = (float) x[i];
      }
      try (RuntimeSession session = RuntimeSession.open(file, 1, optimisation)) {
        double[] logits = session.outputs(input, 1)[0];
        BigDecimal[] margins = new BigDecimal[logits.length];
        Arrays.setAll(margins, j -> new BigDecimal(logits[0]).subtract(new BigDecimal(logits[j])));
        return margins;
      }
    }

    /** Points whose coordinates move by {@code step}: all up, all down, every other one. */
    List<double[]> points(double step) {
      return List.of(
          Arrays.stream(x).map(v -> v + step / 2).toArray(),
          Arrays.stream(x).map(v -> v - step / 2).toArray());
    }

    double[] bounds(Way way, NormBall set, Rounding rounding) {
      try (Scope scope = Scope.open("test")) {
        return Autograd.withoutGradients(
            () -> {
              LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
              long[] shape = new Shape(1).addAll(network.inputShape()).getShape();
              InputSet input = InputSet.around(scope.tensor(x, DataType.FLOAT64, shape), set);
              return margins(way, live, input, rounding, scope.labels(0)).toDoubleArray();
            });
      }
    }

    private static NDArray margins(
        Way way, LiveNetwork live, InputSet input, Rounding rounding, NDArray labels) {
      BoxTrace trace = BoxPropagation.over(live, input, rounding);
      Function<CrownOptions, CrownBounds> crown =
          options -> CrownBounds.of(live, input, options.withRounding(rounding));
      return switch (way) {
        case IBP -> trace.marginLowerBounds(labels);
        case CROWN_IBP -> closing(CrownBounds.overBoxes(trace, input, CrownOptions.full()), labels);
        case EVERY_LAYER ->
            closing(
                CrownBounds.overBoxes(trace, input, CrownOptions.everyLayerConcretised()), labels);
        case CROWN -> closing(crown.apply(CrownOptions.full()), labels);
        case CROWN_SPARSE -> closing(crown.apply(CrownOptions.sparse()), labels);
        case ALPHA_CROWN -> optimised(live, input, rounding);
      };
    }

    // Of label 0.
    private static NDArray optimised(LiveNetwork live, InputSet input, Rounding rounding) {
      Scope scope = live.scope();
      int classes = live.network().classes();
      CrownOptions options = CrownOptions.sparse().withRounding(rounding);
      PreActivations known = PreActivations.crown(live, input, options, scope);
      double[] margins = new double[classes];
      try (SplitBounds bounds = SplitBounds.over(live, input, known, 1 << 20)) {
        for (int j = 1; j < classes; j++) {
          NDArray rows = bounds.marginRows(0, new int[] {j}, scope);
          List<Subproblem> whole = List.of(bounds.whole());
          SlopeSettings optimisation = SlopeSettings.whole(5).withoutGoal();
          margins[j] =
              bounds
                  .maximise(bounds.output(), rows, whole, optimisation, () -> false)
                  .get(0)
                  .lower();
        }
      }
      return scope.tensor(margins, DataType.FLOAT64, 1, classes);
    }

    private static NDArray closing(CrownBounds bounds, NDArray labels) {
      try (bounds) {
        return bounds.marginLowerBounds(labels);
      }
    }
  }
}
