package dev.merlon.actors.cli.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.event.ComparedModel;
import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.EvaluationCounts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingViewTest {
  private static final Path RUN = Path.of("runs/x");
  private static final int TOTAL = 1025;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void show_measuredSteps_estimatesTheTimeLeft() {
    TrainingView view = view(false);
    view.show(started(0));
    for (int step = 1; step <= TrainingView.WARM_UP_STEPS; step++) {
      view.show(stepped(step, Duration.ofSeconds(9)));
    }
    for (int step = 1; step <= TrainingView.MEASURED_STEPS; step++) {
      assertThat(said()).isEmpty();
      view.show(stepped(TrainingView.WARM_UP_STEPS + step, Duration.ofMillis(120)));
    }

    // 1000 of 1025 steps are left, at 120 ms each.
    assertThat(said()).contains("about 2 min 00 s of training to go, at 120 ms a step");
  }

  @Test
  void show_resumedRun_saysWhereItGoesOn() {
    view(true).show(started(400));

    assertThat(said()).isEqualToIgnoringNewLines("Going on after step 400 of 1,025");
  }

  @Test
  void show_resumeWithoutCheckpoint_saysThatItStartsAnew() {
    view(true).show(started(0));

    assertThat(said()).isEqualToIgnoringNewLines("No checkpoint to go on from: starting anew");
  }

  @Test
  void show_epochAndNotice_areLinesOfTheirOwn() {
    TrainingView view = view(false);
    view.show(started(0));

    view.show(
        new TrainingProgress.EpochCompleted(
            new EpochMetrics(2, 200, 0.5, 0.97, 1.0, 0.1, 5e-4, Duration.ofSeconds(12), 1234),
            5,
            Optional.of(
                new ComparedModel(
                    SelectionSettings.NONE,
                    2,
                    new EvaluationCounts(200, 190, 190, 150),
                    new BestModel(1, 0.8)))));
    view.show(new TrainingProgress.Noticed("a step was repeated"));

    assertThat(said().lines())
        .containsExactly(
            "Epoch 2/5: eps 0.100, loss 0.5000, natural 97.00% on training images, 1,234 images/s,"
                + " 12 s",
            "  on validation images: natural 95.00%, certified 75.00%; best is epoch 1",
            "Note: a step was repeated.");
  }

  private TrainingView view(boolean resume) {
    var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new TrainingView(Console.plain(stream, stream), resume);
  }

  private static TrainingProgress started(long completed) {
    return new TrainingProgress.Started(RUN, 5, 205, completed, TOTAL, 52_480, 1000);
  }

  private static TrainingProgress stepped(long completed, Duration elapsed) {
    return new TrainingProgress.Stepped(
        1, (int) completed, 205, completed, TOTAL, 0.5, 0.9, 0.1, 5e-4, elapsed, 1000);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
