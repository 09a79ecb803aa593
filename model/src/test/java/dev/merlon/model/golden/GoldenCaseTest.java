package dev.merlon.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenCaseTest {
  @ParameterizedTest
  @MethodSource("dev.merlon.model.golden.GoldenCases#bundled")
  void open_bundledCase_givesTheCleanLogits(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      GoldenCase.Setup setup = Autograd.withoutGradients(() -> golden.open(scope, false));
      GoldenValues.assertClose("clean.logits", setup.logits(), golden.tensor("clean.logits"));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.merlon.model.golden.GoldenCases#bundled")
  void open_statistics_areThoseOfTheStep(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      GoldenCase.Setup setup = Autograd.withoutGradients(() -> golden.open(scope, false));
      assertThat(golden.trains()).isEqualTo(golden.name().endsWith("train"));
      setup
          .live()
          .statistics()
          .forEach(
              (node, statistics) -> {
                GoldenValues.assertClose(
                    "mean", statistics.mean(), golden.tensor("bn_used." + node + ".mean"));
                GoldenValues.assertClose(
                    "variance", statistics.variance(), golden.tensor("bn_used." + node + ".var"));
              });
    }
  }
}
