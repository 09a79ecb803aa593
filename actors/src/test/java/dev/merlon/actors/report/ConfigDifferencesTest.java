package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.report.ConfigDifferences.Difference;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigDifferencesTest {
  @Test
  void between_severalDocuments_keepsOnlyWhatDiffers() {
    List<Difference> differences =
        ConfigDifferences.between(
            List.of(
                "seed = 1, epochs = 5, a { b = x }",
                "seed = 2, epochs = 5, a { b = x, c = [1, 2] }",
                "seed = 1, epochs = 5, a { b = x }"));

    assertThat(differences)
        .containsExactly(
            new Difference(
                "a.c", List.of(Optional.empty(), Optional.of("[1,2]"), Optional.empty())),
            new Difference("seed", List.of(Optional.of("1"), Optional.of("2"), Optional.of("1"))));
  }
}
