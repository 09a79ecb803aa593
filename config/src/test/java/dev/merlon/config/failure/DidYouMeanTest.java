package dev.merlon.config.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
  private static final List<String> KEYS =
      List.of("epochs", "optimizer.learning-rate", "schedule.eps-train", "batch-size");

  @Test
  void closest_fewLettersWrong_isFound() {
    assertThat(DidYouMean.closest("optimiser.learning_rate", KEYS))
        .contains("optimizer.learning-rate");
    assertThat(DidYouMean.closest("Epoch", KEYS)).contains("epochs");
  }

  @Test
  void closest_sectionForgotten_isFoundByLastPart() {
    assertThat(DidYouMean.closest("learning-rate", KEYS)).contains("optimizer.learning-rate");
  }

  @Test
  void closest_sameLastPartInTwoSections_isTheNearerSection() {
    assertThat(DidYouMean.closest("objectiv.kind", List.of("data.kind", "objective.kind")))
        .contains("objective.kind");
  }

  @Test
  void closest_nothingNear_isEmpty() {
    assertThat(DidYouMean.closest("momentum", KEYS)).isEmpty();
  }
}
