package dev.merlon.model.bound.linear;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static dev.merlon.model.golden.GoldenValues.withoutLabel;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backward bounds against golden numbers, for whichever cases a subclass names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrownContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void crownIbp_linfBall_givesTheMargins(GoldenCase golden) {
    assertMargins(
        golden, "crown_ibp.margin_lb", setup -> crownIbp(golden, setup, CrownOptions.full()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void crownIbp_everyLayerConcretised_givesTheBestOfAllBounds(GoldenCase golden) {
    CrownOptions everyLayer = CrownOptions.everyLayerConcretised();
    assertMargins(
        golden,
        "crown_ibp_ctbench_variant.margin_lb",
        setup -> crownIbp(golden, setup, everyLayer));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void crown_linfBall_givesTheMargins(GoldenCase golden) {
    assertMargins(golden, "crown.margin_lb", setup -> crown(golden, setup, CrownOptions.full()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void crown_smallChunks_givesTheSameMargins(GoldenCase golden) {
    CrownOptions oneRow = CrownOptions.full().withCoefficients(1);
    assertMargins(golden, "crown.margin_lb", setup -> crown(golden, setup, oneRow));
  }

  private static NDArray crownIbp(GoldenCase golden, Setup setup, CrownOptions options) {
    BoxTrace trace = BoxPropagation.over(setup.live(), setup.x(), ball(golden));
    return Crown.crownIbp(trace, setup.x(), ball(golden), setup.labels(), options);
  }

  private static NDArray crown(GoldenCase golden, Setup setup, CrownOptions options) {
    return Crown.crown(setup.live(), setup.x(), ball(golden), setup.labels(), options);
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }

  private static void assertMargins(
      GoldenCase golden, String tensor, Function<Setup, NDArray> margins) {
    try (Scope scope = Scope.open("test")) {
      NDArray actual = Autograd.withoutGradients(() -> margins.apply(golden.open(scope, false)));
      assertClose(tensor, withoutLabel(actual, golden.labels()), golden.tensor(tensor).toDoubles());
    }
  }
}
