package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.training.MemoryEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
  private static final MemoryEstimate ESTIMATE = estimate("objective.kind=ibp");

  @Test
  void require_enoughOrUnknown_accepts() {
    assertThatCode(() -> MemoryCheck.require(ESTIMATE, OptionalLong.of(ESTIMATE.runBytes())))
        .doesNotThrowAnyException();
    assertThatCode(() -> MemoryCheck.require(ESTIMATE, OptionalLong.empty()))
        .doesNotThrowAnyException();
  }

  @Test
  void require_tooLittle_isRefusedWithWhatToChange() {
    assertThatThrownBy(
            () -> MemoryCheck.require(ESTIMATE, OptionalLong.of(ESTIMATE.runBytes() / 2)))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure()).isInstanceOf(Failure.Configuration.class))
        .hasMessageContaining("needs about")
        .hasMessageContaining("batches of 4096 images");
  }

  @Test
  void require_tooLittleForOneImage_asksForASmallerNetwork() {
    assertThatThrownBy(() -> MemoryCheck.require(ESTIMATE, OptionalLong.of(1)))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure().remedy()).contains("smaller network"));
  }

  @Test
  void require_crownOnALargeNetwork_asksForAnotherObjective() {
    MemoryEstimate crown =
        estimate("objective.kind=crown", "network.preset=cnn7", "network.width=64");
    assertThatThrownBy(() -> MemoryCheck.require(crown, OptionalLong.of(16L << 30)))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused ->
                assertThat(refused.failure().remedy())
                    .contains("smaller network", "objective.kind=crown-ibp"));
  }

  private static MemoryEstimate estimate(String... changes) {
    List<String> overrides = new ArrayList<>(List.of("batch-size=4096"));
    overrides.addAll(List.of(changes));
    RunSettings settings = Settings.load("demo", overrides);
    return MemoryEstimate.of(
        settings, Architectures.build(settings.network(), 0.1, new Shape(1, 28, 28), 10));
  }
}
