package dev.merlon.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.RunSettings;
import dev.merlon.config.SettingChange;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The MNIST preset: 20 epochs, radius growing over 6, decays after 14 and 18. */
class ContinuationTest {
  private static final int STEPS = 7;
  private static final String COMPARED =
      "selection.metric=certified;selection.split=test;selection.from-epoch=10";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 |  | epochs=30",
        "20 |  | epochs=30;optimizer.decay-epochs=14,18,25",
        "9  |  | optimizer.decay-epochs=10,18",
        "9  |  | schedule.end-epoch=6;checkpoint.every=5 s;checkpoint.keep=4",
        "5  |  | averaging.from-epoch=6",
        "0  |  | schedule.end-epoch=8;epochs=40;optimizer.learning-rate=1e-3",
        "3  | objective.robust-weight.start-epoch=4;objective.robust-weight.end-epoch=5;"
            + "objective.robust-weight.end=0.5 | objective.robust-weight.end=0.4",
        "20 |  | evaluation.threats=linf:0.05,l2:0.5;evaluation.rungs=ibp,crown;data.test-limit=9",
        "20 |  | device.threads=3;pipeline.prefetch=5;pipeline.ask-timeout=1 s;name=other",
        "9  | " + COMPARED + " | evaluation.rungs=ibp;selection.from-epoch=12",
        "15 | " + COMPARED + " | epochs=30;selection.final=last",
        "15 | " + COMPARED + ";selection.patience=3 | selection.patience=6",
        "7  | optimizer.learning-rate-schedule=cosine;optimizer.warm-up-epochs=8 |"
            + " checkpoint.keep=3"
      })
  void requirePossible_pastIsTheSame_givesWhatDiffers(int epoch, String then, String now) {
    List<SettingChange> changes = changes(epoch, then, now);

    assertThat(changes)
        .extracting(SettingChange::key)
        .containsExactlyInAnyOrderElementsOf(
            overrides(now).stream()
                .map(override -> override.replaceFirst("=.*", ""))
                .filter(key -> !key.equals("schedule.end-epoch") || epoch == 0)
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | optimizer.learning-rate-schedule=cosine | epochs=30"
            + " | epochs was 20, is now 30 (optimizer.learning-rate-schedule is cosine, over all"
            + " epochs): that changes steps that are done, the learning rate of step 2 from",
        "12 |  | optimizer.decay-epochs=10,18 | optimizer.decay-epochs was [14, 18], is now [10,"
            + " 18]: that changes steps that are done, the learning rate of step 71 from",
        "3  |  | schedule.end-epoch=8 | schedule.end-epoch was 6.0, is now 8.0: that changes steps"
            + " that are done, the radius of step 2 from",
        "3  |  | schedule.ramp=linear | schedule.ramp was smooth, is now linear",
        "7  |  | schedule.end-epoch=8 | the radius of step 2 from",
        "9  |  | objective.robust-weight.start=0.5;objective.robust-weight.end-epoch=3"
            + " | the robust weight of step 1 from",
        "5  |  | averaging.from-epoch=5 | averaging.from-epoch differs, which changes epoch 5",
        "9  |  | seed=4;batch-size=100 | seed was 0, is now 4; batch-size was 256, is now 100",
        "9  |  | schedule.eps-train=0.2 | schedule.eps-train was 0.1, is now 0.2",
        "9  |  | epochs=8 | epochs is 8, but the run is already in epoch 9",
        "15 | " + COMPARED + " | evaluation.rungs=ibp | evaluation.rungs was",
        "15 | " + COMPARED + " | selection.metric=natural | selection.metric was certified",
        "15 | "
            + COMPARED
            + " | selection.from-epoch=12 | selection.from-epoch differs, which"
            + " changes epoch 10",
        "15 | " + COMPARED + " | selection.patience=6 | selection.patience was 0, is now 6"
      })
  void requirePossible_pastWouldChange_namesTheKey(
      int epoch, String then, String now, String problem) {
    assertThatThrownBy(() -> changes(epoch, then, now))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void requirePossible_insideAnEpoch_countsItsStepsAsDone() {
    RunSettings begun = settings("");
    RunSettings now = settings("optimizer.decay-epochs=3,18");

    assertThat(
            new Continuation(begun, now, new RunCursor(3, 0, 3L * STEPS), STEPS).requirePossible())
        .hasSize(1);
    var inside = new Continuation(begun, now, new RunCursor(3, 1, 3L * STEPS + 1), STEPS);
    assertThatThrownBy(inside::requirePossible).hasMessageContaining("of step 22 from");
  }

  private static List<SettingChange> changes(int epoch, String then, String now) {
    String both = then == null ? "" : then;
    return new Continuation(
            settings(both),
            settings(both + ";" + now),
            new RunCursor(epoch, 0, (long) epoch * STEPS),
            STEPS)
        .requirePossible();
  }

  private static RunSettings settings(String overrides) {
    return Settings.load("mnist-cnn3-ibp-0.1", overrides(overrides));
  }

  private static List<String> overrides(String text) {
    return Arrays.stream(text.split(";", -1)).filter(part -> !part.isBlank()).toList();
  }
}
