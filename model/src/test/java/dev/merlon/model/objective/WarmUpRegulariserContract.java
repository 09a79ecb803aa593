package dev.merlon.model.objective;

import static dev.merlon.model.golden.GoldenValues.assertClose;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The warm-up regularisers of Shi et al. 2021 against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WarmUpRegulariserContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void terms_goldenBoxes_areTightnessAndBalance(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      WarmUpRegulariser.Terms terms =
          Autograd.withoutGradients(
              () ->
                  regulariser(golden, true, true).terms(trace(golden, golden.open(scope, false))));
      double tightness = golden.number("shi", "L_tightness");
      assertClose("tightness", terms.tightness().getDouble(), tightness, 1);
      assertClose("balance", terms.balance().getDouble(), golden.number("shi", "L_relu"), 1);
    }
  }

  // With the golden tolerance most balance terms are 0; with tolerance 1 every ratio shows.
  @ParameterizedTest
  @MethodSource("cases")
  void terms_toleranceOne_areTheGoldenRatios(GoldenCase golden) {
    double balance = 0;
    JsonNode means = golden.json().path("shi").path("mean_ratio");
    JsonNode variances = golden.json().path("shi").path("var_ratio");
    for (int i = 0; i < means.size(); i++) {
      boolean numbers = means.get(i).isNumber() && variances.get(i).isNumber();
      balance += numbers ? 2 - means.get(i).asDouble() - variances.get(i).asDouble() : 0;
    }
    WarmUpRegulariser wide = new WarmUpRegulariser(new RegulariserSettings(1, 1, false, true));
    try (Scope scope = Scope.open("test")) {
      BoxTrace trace = Autograd.withoutGradients(() -> trace(golden, golden.open(scope, false)));
      assertClose("balance", value(trace, wide), balance / means.size(), 1);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void loss_partsSwitchedOff_areLeftOut(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      BoxTrace trace = Autograd.withoutGradients(() -> trace(golden, golden.open(scope, false)));
      assertClose(
          "tightness",
          value(trace, regulariser(golden, true, false)),
          golden.number("shi", "L_tightness"),
          1);
      assertClose(
          "balance",
          value(trace, regulariser(golden, false, true)),
          golden.number("shi", "L_relu"),
          1);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void backward_bothParts_givesValueAndGradients(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Autograd.recording(
          () -> {
            Setup setup = golden.open(scope, true);
            NDArray loss = regulariser(golden, true, true).loss(trace(golden, setup));
            double expected = golden.number("shi", "L_tightness_plus_L_relu");
            assertClose("loss", loss.getDouble(), expected, 1);
            Autograd.backward(loss);
            GoldenGradients.assertClose("shi_L_tightness_plus_L_relu", golden, setup.live());
            return setup;
          });
    }
  }

  private static double value(BoxTrace trace, WarmUpRegulariser regulariser) {
    return Autograd.withoutGradients(() -> regulariser.loss(trace).getDouble());
  }

  private static WarmUpRegulariser regulariser(GoldenCase golden, boolean tight, boolean relu) {
    return new WarmUpRegulariser(
        new RegulariserSettings(
            golden.number("shi", "lambda0"), golden.number("shi", "tol"), tight, relu));
  }

  private static BoxTrace trace(GoldenCase golden, Setup setup) {
    NormBall ball = new NormBall(new LInf(), golden.number("eps"), true);
    return BoxPropagation.over(setup.live(), setup.x(), ball);
  }
}
