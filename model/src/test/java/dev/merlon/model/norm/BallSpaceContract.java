package dev.merlon.model.norm;

import static dev.merlon.model.golden.GoldenValues.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of projected gradient ascent and the gradient they follow, against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BallSpaceContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void next_maximumNorm_stepsByEachPixelsWidth(GoldenCase golden) {
    assertLInf(golden, StepWidth.PER_PIXEL, "pgd_linf.dimwise.next");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void next_maximumNorm_stepsByTheLargestWidth(GoldenCase golden) {
    assertLInf(golden, StepWidth.LARGEST, "pgd_linf.scalar.next");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void next_euclideanNorm_isTheStepOfTorchattacks(GoldenCase golden) {
    double eps = golden.number("pgd_l2", "eps");
    try (Scope scope = Scope.open("test")) {
      NormBall ball = new NormBall(new L2(), eps, true);
      AttackSpace step = ball.attackSpace(scope.tensor(golden.tensor("x")), StepWidth.PER_PIXEL);
      NDArray next =
          step.next(
              scope.tensor(golden.tensor("pgd_l2.x_adv")),
              scope.tensor(golden.tensor("pgd.grad")),
              golden.number("pgd_l2", "alpha") / eps,
              scope);
      assertClose("next", next, golden.tensor("pgd_l2.next"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradient_crossEntropy_withTheStepsStatistics(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Setup setup = Autograd.withoutGradients(() -> golden.open(scope, false));
      NDArray leaf = scope.leaf(scope.tensor(golden.tensor("sabr.x_adv")));
      NDArray y = Margins.oneHot(setup.labels(), setup.live().network().classes(), TYPE);
      Autograd.recording(
          () -> {
            NDArray logits = Concrete.logits(setup.live().detached(scope), leaf);
            Autograd.backward(Margins.logitCrossEntropy(logits, y).sum());
            return leaf;
          });
      assertClose("gradient", Autograd.gradient(leaf), golden.tensor("attack.ce_grad_at_x_adv"));
    }
  }

  private static final DataType TYPE = DataType.FLOAT64;

  private static void assertLInf(GoldenCase golden, StepWidth width, String expected) {
    try (Scope scope = Scope.open("test")) {
      NormBall ball = new NormBall(new LInf(), golden.number("eps"), true);
      AttackSpace step = ball.attackSpace(scope.tensor(golden.tensor("x")), width);
      NDArray next =
          step.next(
              scope.tensor(golden.tensor("sabr.x_adv")),
              scope.tensor(golden.tensor("pgd.grad")),
              golden.number("pgd_linf", "step_size_relative"),
              scope);
      assertClose("next", next, golden.tensor(expected));
    }
  }
}
