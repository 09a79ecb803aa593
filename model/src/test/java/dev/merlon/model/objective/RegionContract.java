package dev.merlon.model.objective;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static dev.merlon.model.golden.GoldenValues.withoutLabel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The regions that training propagates, and what follows from them, against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegionContract {
  private static final double ROUNDING = 1e-9;

  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void box_wholeSet_isClipped(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Box box = new Region.Whole(ball(golden)).box(scope.tensor(golden.tensor("x")), List.of());
      assertClose("lower", box.lower(), golden.tensor("box.lb"));
      assertClose("upper", box.upper(), golden.tensor("box.ub"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void box_dimwise_isCtBenchsBoxAndLoss(GoldenCase golden) {
    assertSmallBox(golden, RegionForm.DIMWISE, "sabr.dimwise", "loss_dimwise");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void box_scalar_isSabrsBoxAndLoss(GoldenCase golden) {
    assertSmallBox(golden, RegionForm.SCALAR, "sabr.scalar", "loss_scalar");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void box_paperAroundAPointOfTheEuclideanBall_isCuresBoxAndMargins(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      NormBall set = euclidean(golden);
      Region region = new Region.Small(0, set, golden.number("cure", "lambda2"), RegionForm.PAPER);
      NDArray point = scope.tensor(golden.tensor("cure_l2.x_adv"));
      Setup setup = Autograd.withoutGradients(() -> golden.open(scope, false));
      BoxTrace trace =
          Autograd.withoutGradients(() -> region.trace(setup.live(), setup.x(), List.of(point)));
      assertClose("lower", trace.input().lower(), golden.tensor("cure_l2.box.lb"));
      assertClose("upper", trace.input().upper(), golden.tensor("cure_l2.box.ub"));
      NDArray margins = Autograd.withoutGradients(() -> trace.marginLowerBounds(setup.labels()));
      assertClose(
          "margins",
          withoutLabel(margins, golden.labels()),
          golden.tensor("cure_l2.margin_lb").toDoubles());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void margins_shrunkenRectifiers_areSabrsMargins(GoldenCase golden) {
    assertMargins(
        golden,
        golden.shrunkenLoss().replace("loss_", "sabr."),
        golden.shrunkenLoss(),
        (setup, scope) ->
            BoxPropagation.shrunken(
                setup.live(),
                small(golden, RegionForm.DIMWISE, setup.x(), scope),
                golden.shrinkage()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trace_ballAroundAPointOfTheEuclideanBall_boundsTheBallAndIsTighterThanItsBox(
      GoldenCase golden) {
    opened(
        golden,
        (setup, scope) -> {
          NDArray point = scope.tensor(golden.tensor("cure_l2.x_adv"));
          double[] bounds = margins(smallEuclidean(golden, RegionForm.BALL), setup, point);
          double[] ofBox = margins(smallEuclidean(golden, RegionForm.PAPER), setup, point);
          for (int i = 0; i < bounds.length; i++) {
            assertThat(bounds[i]).isGreaterThanOrEqualTo(ofBox[i] - ROUNDING);
          }
          assertThat(sum(bounds)).isGreaterThan(sum(ofBox));
          for (int draw = 0; draw < 50; draw++) {
            double[] reached = marginsNear(golden, setup, point, draw, scope);
            for (int i = 0; i < bounds.length; i++) {
              assertThat(reached[i]).isGreaterThanOrEqualTo(bounds[i] - ROUNDING);
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trace_ballOfRatioOneAroundTheImage_isTheWholeBalls(GoldenCase golden) {
    opened(
        golden,
        (setup, scope) -> {
          NormBall set = euclidean(golden);
          assertThat(margins(new Region.Small(0, set, 1, RegionForm.BALL), setup, setup.x()))
              .isEqualTo(margins(new Region.Whole(set), setup, setup.x()));
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trace_partsOfABatch_areThoseOfEachPartsOwnRegion(GoldenCase golden) {
    opened(
        golden,
        (setup, scope) -> {
          long half = golden.labels().length / 2;
          NDArray first = scope.tensor(golden.tensor("sabr.x_adv"));
          NDArray second = scope.tensor(golden.tensor("cure_l2.x_adv"));
          double lambda = golden.number("sabr", "lambda");
          Region.Small box = new Region.Small(0, ball(golden), lambda, RegionForm.DIMWISE);
          Region.Small round = new Region.Small(1, euclidean(golden), 0.2, RegionForm.BALL);
          double[] divided =
              margins(
                  new Region.Divided(List.of(box, round)),
                  setup,
                  first.get("0:" + half),
                  second.get(half + ":"));
          double[] ofBox = margins(box, setup, first, second);
          double[] ofBall = margins(round, setup, first, second);
          int middle = (int) half * setup.live().network().classes();
          for (int i = 0; i < divided.length; i++) {
            double expected = i < middle ? ofBox[i] : ofBall[i];
            assertThat(divided[i]).isCloseTo(expected, within(ROUNDING));
          }
        });
  }

  private static void opened(GoldenCase golden, BiConsumer<Setup, Scope> check) {
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            Setup setup = golden.open(scope, false);
            check.accept(setup, scope);
            return setup;
          });
    }
  }

  private static Region smallEuclidean(GoldenCase golden, RegionForm form) {
    return new Region.Small(0, euclidean(golden), 0.3, form);
  }

  private static NormBall euclidean(GoldenCase golden) {
    return new NormBall(new L2(), golden.number("cure", "l2_eps"), true);
  }

  private static double[] margins(Region region, Setup setup, NDArray... points) {
    BoxTrace trace = region.trace(setup.live(), setup.x(), List.of(points));
    return HostTensor.copyOf(trace.marginLowerBounds(setup.labels())).toDoubles();
  }

  // Of points drawn from the small ball of 0.3 radii, half of them from its surface.
  private static double[] marginsNear(
      GoldenCase golden, Setup setup, NDArray point, int draw, Scope scope) {
    NormBall small = euclidean(golden).withEps(0.3 * golden.number("cure", "l2_eps"));
    RandomGenerator random = CounterRandom.of(draw, 0, 0, CounterRandom.Role.DATA);
    NDArray shift =
        small
            .norm()
            .randomStart(random, scope, DataType.FLOAT64, small.eps(), point.getShape().getShape());
    NDArray moved = small.project(point, point.add(draw % 2 == 0 ? shift : shift.mul(1e3)));
    NDArray y = Margins.oneHot(setup.labels(), setup.live().network().classes(), DataType.FLOAT64);
    return HostTensor.copyOf(Margins.of(Concrete.logits(setup.live(), moved), y)).toDoubles();
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static void assertSmallBox(GoldenCase golden, RegionForm form, String name, String loss) {
    try (Scope scope = Scope.open("test")) {
      Box box = small(golden, form, scope.tensor(golden.tensor("x")), scope);
      assertClose("lower", box.lower(), golden.tensor(name + ".lb"));
      assertClose("upper", box.upper(), golden.tensor(name + ".ub"));
    }
    assertMargins(
        golden,
        name,
        loss,
        (setup, scope) -> BoxPropagation.over(setup.live(), small(golden, form, setup.x(), scope)));
  }

  private static void assertMargins(
      GoldenCase golden, String name, String loss, BiFunction<Setup, Scope, BoxTrace> trace) {
    opened(
        golden,
        (setup, scope) -> {
          NDArray margins = trace.apply(setup, scope).marginLowerBounds(setup.labels());
          assertClose(
              "margins",
              withoutLabel(margins, golden.labels()),
              golden.tensor(name + ".margin_lb").toDoubles());
          NDArray y =
              Margins.oneHot(setup.labels(), setup.live().network().classes(), DataType.FLOAT64);
          double value = Margins.crossEntropy(margins, y).mean().getDouble();
          double expected = golden.number("sabr", loss);
          assertClose("loss", value, expected, expected);
        });
  }

  private static Box small(GoldenCase golden, RegionForm form, NDArray x, Scope scope) {
    Region region = new Region.Small(0, ball(golden), golden.number("sabr", "lambda"), form);
    return region.box(x, List.of(scope.tensor(golden.tensor("sabr.x_adv"))));
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }
}
