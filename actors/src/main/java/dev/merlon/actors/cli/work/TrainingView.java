package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.ProgressDisplay;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.event.ComparedModel;
import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.event.TrainingProgress.CheckpointSaved;
import dev.merlon.actors.event.TrainingProgress.EpochCompleted;
import dev.merlon.actors.event.TrainingProgress.Noticed;
import dev.merlon.actors.event.TrainingProgress.Started;
import dev.merlon.actors.event.TrainingProgress.StatisticsAdvanced;
import dev.merlon.actors.event.TrainingProgress.Stepped;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the progress of a training run. Thread-safe; closed when the run has ended. */
final class TrainingView implements AutoCloseable {
  /** Steps before the first ones that count for the estimate: the engine warms up. */
  static final int WARM_UP_STEPS = 5;

  /** Steps that the estimate of the whole time is measured over. */
  static final int MEASURED_STEPS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(TrainingView.class);

  private final Console console;
  private final boolean resume;
  private Optional<ProgressDisplay> progress = Optional.empty();
  private long firstStep;
  private int epochs;
  private Duration measured = Duration.ZERO;

  TrainingView(Console console, boolean resume) {
    this.console = console;
    this.resume = resume;
  }

  /** Shows what happened. */
  synchronized void show(TrainingProgress event) {
    if (event instanceof Started started) {
      started(started);
    } else if (event instanceof Stepped stepped) {
      stepped(stepped);
    } else if (event instanceof EpochCompleted completed) {
      say(line(completed.metrics(), completed.epochs()));
      completed.compared().map(TrainingView::line).ifPresent(this::say);
    } else if (event instanceof Noticed noticed) {
      say("Note: " + Sentence.of(noticed.message()));
    } else if (event instanceof CheckpointSaved saved) {
      LOG.info("Checkpoint of step {}: {}", saved.steps(), saved.file());
    } else if (event instanceof StatisticsAdvanced advanced) {
      LOG.debug(
          "Statistics of epoch {}: {}/{}", advanced.epoch(), advanced.batches(), advanced.total());
    }
  }

  @Override
  public synchronized void close() {
    progress.ifPresent(ProgressDisplay::close);
    progress = Optional.empty();
  }

  private void started(Started started) {
    if (resume) {
      console.say(
          started.completedSteps() > 0
              ? String.format(
                  Locale.ROOT,
                  "Going on after step %,d of %,d",
                  started.completedSteps(),
                  started.totalSteps())
              : "No checkpoint to go on from: starting anew");
    }
    firstStep = started.completedSteps();
    epochs = started.epochs();
    progress =
        Optional.of(
            ProgressDisplay.on(
                console, "Training", "steps", started.completedSteps(), started.totalSteps()));
  }

  private void stepped(Stepped stepped) {
    String note =
        String.format(
            Locale.ROOT,
            "epoch %d/%d, loss %.3f, natural %s",
            stepped.epoch(),
            epochs,
            stepped.loss(),
            Amounts.percent(stepped.naturalAccuracy()));
    progress.ifPresent(display -> display.at(stepped.completedSteps(), note));
    estimate(stepped);
  }

  private void estimate(Stepped stepped) {
    long taken = stepped.completedSteps() - firstStep - WARM_UP_STEPS;
    if (taken < 1 || taken > MEASURED_STEPS) {
      return;
    }
    measured = measured.plus(stepped.elapsed());
    if (taken == MEASURED_STEPS) {
      long left = stepped.totalSteps() - stepped.completedSteps();
      say(
          String.format(
              Locale.ROOT,
              "Time: about %s of training to go, at %d ms a step",
              Amounts.time(measured.dividedBy(MEASURED_STEPS).multipliedBy(left)),
              measured.toMillis() / MEASURED_STEPS));
    }
  }

  private static String line(EpochMetrics metrics, int epochs) {
    return String.format(
        Locale.ROOT,
        "Epoch %d/%d: eps %.3f, loss %.4f, natural %s on training images, %,.0f images/s, %s",
        metrics.epoch(),
        epochs,
        metrics.eps(),
        metrics.loss(),
        Amounts.percent(metrics.naturalAccuracy()),
        metrics.imagesPerSecond(),
        Amounts.time(metrics.elapsed()));
  }

  private static String line(ComparedModel model) {
    var settings = model.settings();
    var counts = model.counts();
    String attacked =
        switch (settings.metric()) {
          case ADVERSARIAL -> ", adversarial " + Amounts.percent(counts.share(counts.withstood()));
          case TAPS -> ", TAPS " + Amounts.percent(counts.share(counts.latent()));
          case NONE, NATURAL, CERTIFIED -> "";
        };
    String best = model.isBest() ? "best so far" : "best is epoch " + model.best().epoch();
    if (!model.best().isChosen()) {
      best = "no " + settings.scoreName() + " is above 0 so far, so that none is chosen";
      LOG.warn("Epoch {}: {}", model.epoch(), best);
    }
    return "  on %s images: natural %s%s, certified %s; %s"
        .formatted(
            settings.split().word(),
            Amounts.percent(counts.share(counts.correct())),
            attacked,
            Amounts.percent(counts.share(counts.certified())),
            best);
  }

  /** Writes a line of talk without disturbing the display. */
  synchronized void say(String line) {
    progress.ifPresentOrElse(display -> display.say(line), () -> console.say(line));
  }
}
