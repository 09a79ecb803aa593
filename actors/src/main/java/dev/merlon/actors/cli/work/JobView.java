package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Progress;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobEvent.Advanced;
import dev.merlon.actors.event.JobEvent.ModelCertified;
import dev.merlon.actors.event.JobEvent.StartedFrom;
import dev.merlon.actors.event.JobEvent.TrainingPrepared;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.RunSettings;
import dev.merlon.model.training.MemoryEstimate;
import java.util.Locale;
import java.util.Optional;

/** Shows on a console what a job tells. Thread-safe; closed when the job has ended. */
final class JobView implements AutoCloseable {
  private final CommandContext context;
  private final TrainingView training;
  private final CertificationView certification;
  private Optional<Progress> progress = Optional.empty();

  /**
   * A view of one job.
   *
   * @param resume whether a run goes on
   */
  JobView(CommandContext context, boolean resume) {
    this.context = context;
    this.training = new TrainingView(context.console(), resume);
    this.certification =
        new CertificationView(context.console(), CertificationView.Measure.CERTIFIED);
  }

  /** Shows what happened. */
  synchronized void show(JobEvent event) {
    if (event instanceof TrainingProgress step) {
      training.show(step);
    } else if (event instanceof CertificationProgress verdicts) {
      certification.show(verdicts);
    } else if (event instanceof JobEvent.OfJob own) {
      showOwn(own);
    }
  }

  private void showOwn(JobEvent.OfJob event) {
    Console console = context.console();
    if (event instanceof TrainingPrepared prepared) {
      announce(prepared);
      prepared.start().ifPresent(this::announce);
      context.log().openRun(prepared.run(), console);
    } else if (event instanceof JobEvent.DirectoryGivenUp) {
      context.log().close();
    } else if (event instanceof Advanced advanced) {
      advance(advanced);
    } else if (event instanceof JobEvent.PhaseEnded ended) {
      end(ended.phase());
    } else if (event instanceof JobEvent.Stopping stopping) {
      stopping(stopping.phase());
    } else if (event instanceof ModelCertified certified) {
      Certifier.warn(console, certified.summary());
    } else if (event instanceof JobEvent.Said said) {
      console.say(said.line());
    } else if (event instanceof JobEvent.Noted noted) {
      console.say("Note: " + Sentence.of(noted.message()));
    }
  }

  @Override
  public synchronized void close() {
    for (JobPhase phase : JobPhase.values()) {
      end(phase);
    }
  }

  private void advance(Advanced advanced) {
    boolean measures = advanced.phase() == JobPhase.MEASURING;
    if (advanced.done() == 0) {
      progress =
          Optional.of(
              Progress.on(
                  context.console(),
                  measures ? "Measuring" : "Solving exactly",
                  measures ? "models" : "images",
                  0,
                  advanced.total()));
    } else {
      progress.ifPresent(display -> display.at(advanced.done(), advanced.note()));
    }
  }

  private void end(JobPhase phase) {
    switch (phase) {
      case TRAINING -> training.close();
      case CERTIFICATION -> certification.close();
      case MEASURING, SOLVING -> {
        progress.ifPresent(Progress::close);
        progress = Optional.empty();
      }
    }
  }

  private void stopping(JobPhase phase) {
    switch (phase) {
      case TRAINING -> training.say("Stopping after a checkpoint; a second Ctrl-C ends at once");
      case CERTIFICATION ->
          certification.say(
              "Stopping after the verdicts in progress; a second Ctrl-C ends at once");
      case MEASURING, SOLVING ->
          progress.ifPresent(display -> display.say("Stopping; a second Ctrl-C ends at once"));
    }
  }

  private void announce(TrainingPrepared prepared) {
    RunSettings settings = prepared.settings();
    MemoryEstimate memory = prepared.memory();
    Console console = context.console();
    console.say(
        String.format(
            Locale.ROOT,
            "Training %s: %s with %,d parameters, objective %s, %s, %s, seed %d",
            settings.name(),
            settings.networkName(),
            memory.cost().trainable(),
            settings.objective().kind(),
            settings.against(),
            Amounts.count(settings.epochs(), "epoch"),
            settings.seed()));
    console.say("Run directory: " + prepared.run());
    console.say(
        String.format(
            Locale.ROOT,
            "Memory: about %s, of which %s for steps in batches of %d images",
            Amounts.bytes(memory.runBytes()),
            Amounts.bytes(memory.stepBytes()),
            memory.microBatch()));
  }

  private void announce(StartedFrom start) {
    Console console = context.console();
    console.say(
        "Start: network and weights of %s, sha256 %s; network.* and initialisation have no influence"
            .formatted(start.name(), start.sha256()));
    start.warnings().forEach(warning -> console.say("Note: " + Sentence.of(warning)));
  }
}
