package dev.merlon.model.training;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clean part of a training step against golden numbers: loss, gradients, statistics. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CleanStepContract {
  abstract Stream<GoldenCase> cases();

  @ParameterizedTest
  @MethodSource("cases")
  void backward_cleanCrossEntropy_givesValueAndGradients(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Autograd.recording(
          () -> {
            Setup setup = golden.open(scope, true);
            assertClose("logits", setup.logits(), golden.tensor("clean.logits"));
            int classes = setup.live().network().classes();
            NDArray y = Margins.oneHot(setup.labels(), classes, DataType.FLOAT64);
            NDArray loss = Margins.logitCrossEntropy(setup.logits(), y).mean();
            double expected = golden.number("clean_ce");
            assertClose("loss", loss.getDouble(), expected, expected);
            Autograd.backward(loss);
            GoldenGradients.assertClose("clean_ce", golden, setup.live());
            return setup;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void blend_oneCleanPass_movesTheRunningStatistics(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> moved =
          Autograd.withoutGradients(
              () -> {
                LiveNetwork live =
                    LiveNetwork.evaluation(
                        golden.network(), golden.values(), DataType.FLOAT64, scope);
                CleanForward clean = Concrete.clean(live, scope.tensor(golden.tensor("x")));
                return RunningStatistics.blend(golden.network(), live.tensors(), clean, scope);
              });
      long statistics =
          golden.network().parameters().values().stream()
              .filter(spec -> !spec.role().trainable())
              .count();
      assertThat(moved).hasSize(Math.toIntExact(statistics));
      if (golden.trains()) {
        moved.forEach((name, value) -> assertClose(name, value, golden.tensor("bn_after." + name)));
      }
    }
  }
}
