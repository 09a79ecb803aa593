package dev.merlon.model.bound.box;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static dev.merlon.model.golden.GoldenValues.withoutLabel;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Box bounds against golden numbers, for whichever cases a subclass names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BoxPropagationContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void over_linfBall_givesEveryLayersBounds(GoldenCase golden) {
    with(
        golden,
        (setup, scope) -> {
          BoxTrace trace = BoxPropagation.over(setup.live(), setup.x(), ball(golden));
          assertClose("box.lb", trace.input().lower(), golden.tensor("box.lb"));
          assertClose("box.ub", trace.input().upper(), golden.tensor("box.ub"));
          for (Node relu : setup.live().network().nonlinear()) {
            assertClose(
                "lower",
                trace.operand(relu).lower(),
                golden.tensor("ibp.pre_relu." + relu.name() + ".lb"));
            assertClose(
                "upper",
                trace.operand(relu).upper(),
                golden.tensor("ibp.pre_relu." + relu.name() + ".ub"));
          }
          assertClose("output lower", trace.output().lower(), golden.tensor("ibp.out_lb"));
          assertClose("output upper", trace.output().upper(), golden.tensor("ibp.out_ub"));
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void marginLowerBounds_linfBall_elidedAndPlain(GoldenCase golden) {
    with(
        golden,
        (setup, scope) -> {
          BoxTrace trace = BoxPropagation.over(setup.live(), setup.x(), ball(golden));
          assertMargins(golden, trace.marginLowerBounds(setup.labels()), "ibp.margin_lb");
          assertMargins(
              golden, trace.plainMarginLowerBounds(setup.labels()), "ibp.margin_lb_no_elision");
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void marginLowerBounds_smallBoxes_asGiven(GoldenCase golden) {
    with(
        golden,
        (setup, scope) -> {
          for (String region : new String[] {"sabr.dimwise.", "sabr.scalar."}) {
            Box box = box(golden, scope, region);
            assertMargins(
                golden,
                BoxPropagation.over(setup.live(), box).marginLowerBounds(setup.labels()),
                region + "margin_lb");
          }
          Box box = box(golden, scope, "cure_l2.box.");
          assertMargins(
              golden,
              BoxPropagation.over(setup.live(), box).marginLowerBounds(setup.labels()),
              "cure_l2.margin_lb");
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shrunken_smallBox_shrinksCrossingRectifiers(GoldenCase golden) {
    with(
        golden,
        (setup, scope) -> {
          BoxTrace trace =
              BoxPropagation.shrunken(setup.live(), box(golden, scope, "sabr.dimwise."), 0.8);
          assertMargins(
              golden,
              trace.marginLowerBounds(setup.labels()),
              "sabr.dimwise_relu_shrink_0.8.margin_lb");
        });
  }

  private static Box box(GoldenCase golden, Scope scope, String prefix) {
    return Box.between(
        scope.tensor(golden.tensor(prefix + "lb")), scope.tensor(golden.tensor(prefix + "ub")));
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }

  private static void assertMargins(GoldenCase golden, NDArray margins, String tensor) {
    HostTensor expected = golden.tensor(tensor);
    assertClose(tensor, withoutLabel(margins, golden.labels()), expected.toDoubles());
  }

  private static void with(GoldenCase golden, BiConsumer<Setup, Scope> check) {
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            check.accept(golden.open(scope, false), scope);
            return true;
          });
    }
  }
}
