package dev.merlon.model.objective;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static dev.merlon.model.golden.GoldenValues.withoutLabel;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.RunSettings;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The latent loss of TAPS at given points, its product with the interval loss, and gradients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LatentMarginsContract {
  // Every sample a group of its own, and all of them one group.
  private static final List<Long> GROUPS = List.of(1L, 1L << 20);

  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void trace_atTheSplit_isTheLatentBox(GoldenCase golden) {
    withMargins(
        golden,
        1,
        (latent, setup, trace, margins) -> {
          Box box = latentBox(golden, latent, trace);
          assertFlat("lower", box.lower(), golden.tensor("taps.latent_lb"));
          assertFlat("upper", box.upper(), golden.tensor("taps.latent_ub"));
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void at_goldenPoints_givesTheirMargins(GoldenCase golden) {
    for (long group : GROUPS) {
      withMargins(
          golden,
          group,
          (latent, setup, trace, margins) ->
              assertClose(
                  "margins",
                  withoutLabel(margins, golden.labels()),
                  negated(golden.tensor("taps.margins_ub").toDoubles())));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void at_latentLoss_hasTheGoldenGradients(GoldenCase golden) {
    for (long group : GROUPS) {
      assertLoss(golden, group, "loss_taps", "taps_loss_only", "combination=latent");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void product_ctbenchScale_hasTheGoldenGradients(GoldenCase golden) {
    for (long group : GROUPS) {
      assertLoss(
          golden, group, "loss_product", "taps_product_ctbench_w5", "gradient-scale=ctbench");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void product_paperScale_hasTheGoldenGradients(GoldenCase golden) {
    assertLoss(golden, 1, "loss_product", "taps_product_paper_alpha", "gradient-scale=paper");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void at_latentLoss_passesGoldenGradientsToTheBox(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Autograd.recording(
          () -> {
            GoldenCase.Setup setup = golden.open(scope, true);
            LiveNetwork live = BatchNormFolding.of(golden.network()).apply(setup.live());
            LatentMargins latent = new LatentMargins(live, taps(golden), 1);
            HostTensor lower = golden.tensor("taps.latent_lb");
            HostTensor upper = golden.tensor("taps.latent_ub");
            NDArray l = scope.leaf(scope.tensor(lower));
            NDArray u = scope.leaf(scope.tensor(upper));
            NDArray margins =
                latent.at(
                    Box.between(l, u), setup.labels(), scope.tensor(golden.tensor("taps.points")));
            Autograd.backward(perSample(golden, setup, margins).mean());
            String name = "taps.grad_loss_taps_wrt_latent_";
            assertClose("lower", Autograd.gradient(l), golden.tensor(name + "lb"));
            assertClose("upper", Autograd.gradient(u), golden.tensor(name + "ub"));
            return latent;
          });
    }
  }

  // One point for all classes is a point of its own for each of them, all at the same place.
  @ParameterizedTest
  @MethodSource("cases")
  void at_onePointForAllClasses_isThatPointForEachWithTheSameGradients(GoldenCase golden) {
    Passed one = passed(golden, "estimator=single", points -> points.get(":,0:1"));
    Passed each =
        passed(
            golden,
            "estimator=multi",
            points -> {
              long classes = points.getShape().get(1);
              return points.get(":,0:1").repeat(1, classes);
            });
    assertClose("margins", one.margins(), each.margins());
    assertClose("lower", one.lower(), each.lower());
    assertClose("upper", one.upper(), each.upper());
    assertThat(DoubleStream.of(one.lower())).anyMatch(gradient -> gradient != 0);
    assertThat(DoubleStream.of(one.upper())).anyMatch(gradient -> gradient != 0);
  }

  @SuppressWarnings("ArrayRecordComponent") // Compared by its parts.
  private record Passed(double[] margins, double[] lower, double[] upper) {}

  private static Passed passed(GoldenCase golden, String estimator, UnaryOperator<NDArray> chosen) {
    try (Scope scope = Scope.open("test")) {
      GoldenCase.Setup setup = golden.open(scope, true);
      NDArray l = scope.leaf(scope.tensor(golden.tensor("taps.latent_lb")));
      NDArray u = scope.leaf(scope.tensor(golden.tensor("taps.latent_ub")));
      NDArray points = chosen.apply(scope.tensor(golden.tensor("taps.points")));
      NDArray margins =
          Autograd.recording(
              () -> {
                LiveNetwork live = BatchNormFolding.of(golden.network()).apply(setup.live());
                NDArray found =
                    new LatentMargins(live, taps(golden, estimator), 1)
                        .at(Box.between(l, u), setup.labels(), points);
                Autograd.backward(perSample(golden, setup, found).mean());
                return found;
              });
      return new Passed(
          HostTensor.copyOf(margins).toDoubles(),
          HostTensor.copyOf(Autograd.gradient(l)).toDoubles(),
          HostTensor.copyOf(Autograd.gradient(u)).toDoubles());
    }
  }

  private interface Check {
    void on(LatentMargins latent, GoldenCase.Setup setup, BoxTrace trace, NDArray margins);
  }

  private static void assertLoss(
      GoldenCase golden, long group, String loss, String gradient, String change) {
    withMargins(
        golden,
        group,
        (latent, setup, trace, margins) -> {
          NDArray interval = perSample(golden, setup, trace.marginLowerBounds(setup.labels()));
          NDArray total =
              Combination.taps(taps(golden, change))
                  .of(List.of(perSample(golden, setup, margins), interval));
          double expected = golden.number("taps", loss);
          assertClose(loss, total.toType(DataType.FLOAT64, false).getDouble(), expected, expected);
          Autograd.backward(total);
          GoldenGradients.assertClose(gradient, golden, setup.live());
        });
  }

  private static void withMargins(GoldenCase golden, long group, Check check) {
    try (Scope scope = Scope.open("test")) {
      Autograd.recording(
          () -> {
            GoldenCase.Setup setup = golden.open(scope, true);
            LiveNetwork live = BatchNormFolding.of(golden.network()).apply(setup.live());
            NormBall set = new NormBall(new LInf(), golden.number("eps"), true);
            BoxTrace trace = new Region.Whole(set).trace(live, setup.x(), List.of());
            LatentMargins latent = new LatentMargins(live, taps(golden), group);
            NDArray margins =
                latent.at(
                    latentBox(golden, latent, trace),
                    setup.labels(),
                    scope.tensor(golden.tensor("taps.points")));
            check.on(latent, setup, trace, margins);
            return margins;
          });
    }
  }

  private static Box latentBox(GoldenCase golden, LatentMargins latent, BoxTrace trace) {
    assertThat(latent).isNotNull();
    int relus = taps(golden).relus();
    return trace.box(LatentSplit.of(trace.live().network(), relus).value());
  }

  private static NDArray perSample(GoldenCase golden, GoldenCase.Setup setup, NDArray margins) {
    NDArray oneHot = Margins.oneHot(setup.labels(), golden.network().classes(), DataType.FLOAT64);
    return Margins.crossEntropy(margins, oneHot);
  }

  private static TapsSettings taps(GoldenCase golden, String... changes) {
    int front = (int) golden.number("taps", "split_after_layer_index");
    long relus =
        golden.network().rectifiers().stream()
            .filter(node -> Integer.parseInt(node.name()) > front)
            .count();
    Stream<String> given =
        Stream.of(
            "relus=" + relus,
            "weight=" + golden.number("taps", "w_taps"),
            "connector-constant=" + golden.number("taps", "c"));
    Stream<String> keys = Stream.concat(given, Arrays.stream(changes));
    RunSettings settings =
        SampleRun.settings(
            Stream.concat(
                    Stream.of("objective.kind=taps"), keys.map(key -> "objective.taps." + key))
                .toArray(String[]::new));
    return settings.objective().latent().orElseThrow();
  }

  private static void assertFlat(String what, NDArray actual, HostTensor expected) {
    assertClose(what, HostTensor.copyOf(actual).toDoubles(), expected.toDoubles());
  }

  private static double[] negated(double... values) {
    return DoubleStream.of(values).map(value -> -value).toArray();
  }
}
