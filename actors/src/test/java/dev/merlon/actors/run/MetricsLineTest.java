package dev.merlon.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.run.MetricsRecord.Figures;
import dev.merlon.config.SettingChange;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.config.failure.MerlonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsLineTest {
  private static final Figures FIGURES = new Figures(1.5, 0.5, 0.25, 3, 0.1, 1e-4, 0.2, 160);
  private static final String STEP =
      "{\"event\":\"step\",\"epoch\":2,\"step\":30,\"loss\":1.5,\"natural-loss\":1.0,"
          + "\"robust-loss\":2.0,\"regulariser\":0.5,\"alignment\":0.125,"
          + "\"natural-accuracy\":0.5,\"certified-accuracy\":0.25,\"gradient-norm\":3.0,"
          + "\"eps\":0.1,\"robust-weight\":0.75,\"learning-rate\":1.0E-4,\"seconds\":0.2,"
          + "\"images-per-second\":160.0}";

  @Test
  void write_step_isTheDocumentedLineAndReadsBack() {
    var step =
        new MetricsRecord.Step(
            2, 30, FIGURES, new MetricsRecord.LossParts(1, 2, 0.5, OptionalDouble.of(0.125)), 0.75);

    assertThat(MetricsLine.write(step)).isEqualTo(STEP);
    assertThat(MetricsLine.read(STEP)).isEqualTo(step);
  }

  @Test
  void write_epochWithEverything_isTheDocumentedLineAndReadsBack() {
    Map<String, Double> cosines = new LinkedHashMap<>();
    cosines.put("2.weight", 0.5);
    cosines.put("1.weight", -0.25);
    var epoch =
        new MetricsRecord.Epoch(
            2,
            30,
            FIGURES,
            Optional.of(
                new MetricsRecord.ModelScores(
                    SelectionSplit.VALIDATION,
                    0.9,
                    OptionalDouble.of(0.8),
                    OptionalDouble.empty(),
                    0.7,
                    1,
                    OptionalDouble.of(0.75))),
            Optional.of(new MetricsRecord.MergedUpdates(cosines, 0.01)));

    String line = MetricsLine.write(epoch);

    assertThat(line)
        .isEqualTo(
            "{\"event\":\"epoch\",\"epoch\":2,\"step\":30,\"loss\":1.5,\"natural-accuracy\":0.5,"
                + "\"certified-accuracy\":0.25,\"gradient-norm\":3.0,\"eps\":0.1,"
                + "\"learning-rate\":1.0E-4,\"seconds\":0.2,\"images-per-second\":160.0,"
                + "\"validation-natural-accuracy\":0.9,\"validation-adversarial-accuracy\":0.8,"
                + "\"validation-certified-accuracy\":0.7,\"best-epoch\":1,\"best-score\":0.75,"
                + "\"update-cosines\":{\"2.weight\":0.5,\"1.weight\":-0.25},"
                + "\"merge-seconds\":0.01}");
    assertThat(MetricsLine.read(line)).isEqualTo(epoch);
    assertThat(((MetricsRecord.Epoch) MetricsLine.read(line)).merged().orElseThrow())
        .satisfies(
            merged ->
                assertThat(merged.cosines().keySet()).containsExactly("2.weight", "1.weight"));
  }

  @Test
  void write_resumed_isTheDocumentedLineAndReadsBack() {
    var resumed =
        new MetricsRecord.Resumed(
            1,
            15,
            List.of(new SettingChange("epochs", "1", "2")),
            Optional.of(new MetricsRecord.Threads(1, 4)));

    String line = MetricsLine.write(resumed);

    assertThat(line)
        .isEqualTo(
            "{\"event\":\"resumed\",\"epoch\":1,\"step\":15,"
                + "\"settings\":{\"epochs\":{\"then\":\"1\",\"now\":\"2\"}},"
                + "\"threads\":{\"then\":1,\"now\":4}}");
    assertThat(MetricsLine.read(line)).isEqualTo(resumed);
  }

  @Test
  void read_stepFromBeforeAlignment_hasNone() {
    MetricsRecord read = MetricsLine.read(STEP.replace("\"alignment\":0.125,", ""));

    assertThat(((MetricsRecord.Step) read).parts().alignment()).isEmpty();
  }

  @Test
  void read_epochFromBeforeScores_countsItsBestAsChosen() {
    String line =
        STEP.replace("\"event\":\"step\"", "\"event\":\"epoch\"")
            .replace(
                "}",
                ",\"test-natural-accuracy\":0.5,\"test-certified-accuracy\":0.25,\"best-epoch\":1}");

    var read = (MetricsRecord.Epoch) MetricsLine.read(line);

    assertThat(read.compared().orElseThrow().split()).isEqualTo(SelectionSplit.TEST);
    assertThat(read.compared().orElseThrow().isChosen()).isTrue();
  }

  @Test
  void isChosen_bestScoreIsZero_isFalse() {
    var scores =
        new MetricsRecord.ModelScores(
            SelectionSplit.TEST,
            0.5,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            0,
            1,
            OptionalDouble.of(0));

    assertThat(scores.isChosen()).isFalse();
  }

  @Test
  void read_eventOfALaterVersion_isAnother() {
    assertThat(MetricsLine.read("{\"event\":\"paused\"}"))
        .isEqualTo(new MetricsRecord.Other("paused"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "",
        "[]",
        "{}",
        "{\"event\":\"step\",\"epoch\":1,\"step\":2}",
        "{\"event\":\"epoch\",\"epoch\":\"two\",\"step\":2}"
      })
  void read_anythingElse_isRefused(String line) {
    assertThatThrownBy(() -> MetricsLine.read(line))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("no line of metrics");
  }
}
