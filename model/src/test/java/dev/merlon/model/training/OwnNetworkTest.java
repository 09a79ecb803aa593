package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.tensor.NativeMemory;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training of networks with every kind of layer. */
class OwnNetworkTest {
  private static final String EVERY_LAYER =
      "network.layers=[{conv {out = 4, kernel = 3, padding = 1}}, batch-norm, {leaky-relu {}},"
          + " {conv {out = 4, kernel = 3, padding = 1, groups = 4}}, tanh, {max-pool {kernel = 2}},"
          + " {residual {body = [{conv {out = 4, kernel = 3, padding = 1, groups = 2}}, batch-norm,"
          + " relu, {conv {out = 4, kernel = 1}}]}}, relu, {average-pool {kernel = 2, stride = 1}},"
          + " flatten, {linear {out = 8}}, sigmoid, {linear {out = classes}}]";

  @AfterEach
  void nothingLeft() {
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("learner", "batch", "step", "weights", "adam", "statistics", "attack");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EVERY_LAYER,
        "network.preset=resnet2b",
        "network.preset=wide-resnet",
        "network.preset=resnext"
      })
  void steps_everyObjective_learn(String network) {
    for (String objective : List.of("natural", "ibp", "sabr", "pgd")) {
      try (LearnerFixture run = LearnerFixture.of(network, "objective.kind=" + objective)) {
        double first = run.forward(0).natural();
        run.learner().abandon();
        run.steps(0, 16);
        StepLosses last = run.forward(15);
        assertThat(last.isFinite()).as(objective).isTrue();
        assertThat(last.natural()).as(objective).isLessThan(first);
      }
    }
  }
}
