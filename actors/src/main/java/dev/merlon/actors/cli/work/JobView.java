package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.ProgressDisplay;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.event.CasesProgress;
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
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows on a console what a job tells. Thread-safe; closed when the job has ended. */
final class JobView implements AutoCloseable {
  private final CommandContext context;
  private final TrainingView training;
  private final CertificationView certification;
  private Optional<ProgressDisplay> progress = Optional.empty();
  private Optional<JobPhase> phase = Optional.empty();

  /**
   * A view of one job.
   *
   * @param resume whether a run goes on
   */
  JobView(CommandContext context, boolean resume) {
    this.context = context;
    this.training = new TrainingView(context.console(), resume);
    this.certification = new CertificationView(context.console());
  }

  /** Shows what happened. */
  synchronized void show(JobEvent event) {
    if (event instanceof TrainingProgress step) {
      training.show(step);
    } else if (event instanceof CertificationProgress verdicts) {
      certification.show(verdicts);
    } else if (event instanceof CasesProgress cases) {
      certification.show(cases);
    } else if (event instanceof JobEvent.OfJob own) {
      showOwn(own);
    }
  }

  /** The verdicts in the order of their arrival; none where many were asked for. */
  List<Verdict> fresh() {
    return certification.fresh();
  }

  private void showOwn(JobEvent.OfJob event) {
    Console console = context.console();
    if (event instanceof TrainingPrepared prepared) {
      announce(prepared);
      prepared.start().ifPresent(this::announce);
      context.log().openRun(prepared.run(), console);
    } else if (event instanceof JobEvent.DirectoryGivenUp) {
      context.log().close();
    } else if (event instanceof JobEvent.QuestionsPrepared) {
      context.log().openHome(console);
    } else if (event instanceof JobEvent.PhaseBegan begun) {
      begin(begun.phase());
    } else if (event instanceof Advanced advanced) {
      advance(advanced);
    } else if (event instanceof JobEvent.PhaseEnded ended) {
      end(ended.phase());
    } else if (event instanceof JobEvent.Stopping stopping) {
      stopping(stopping.phase());
    } else if (event instanceof ModelCertified certified) {
      VerdictWarning.say(console, certified.summary());
    } else if (event instanceof JobEvent.Said said) {
      say(said.line());
    } else if (event instanceof JobEvent.Noted noted) {
      say("Note: " + Sentence.of(noted.message()));
    }
  }

  @Override
  public synchronized void close() {
    for (JobPhase phase : JobPhase.values()) {
      end(phase);
    }
  }

  private void begin(JobPhase begun) {
    phase = Optional.of(begun);
    if (begun == JobPhase.ATTACK) {
      certification.begin(CertificationView.Measure.SURVIVING);
    } else if (begun == JobPhase.CERTIFICATION) {
      certification.begin(CertificationView.Measure.CERTIFIED);
    }
  }

  private void advance(Advanced advanced) {
    boolean measures = advanced.phase() == JobPhase.MEASURING;
    if (advanced.done() == 0) {
      progress =
          Optional.of(
              ProgressDisplay.on(
                  context.console(),
                  measures ? "Measuring" : "Solving exactly",
                  measures ? "models" : "images",
                  0,
                  advanced.total()));
    } else {
      progress.ifPresent(display -> display.at(advanced.done(), advanced.note()));
    }
  }

  private void end(JobPhase ended) {
    phase = phase.filter(current -> current != ended);
    switch (ended) {
      case TRAINING -> training.close();
      case CERTIFICATION, ATTACK -> certification.close();
      case VERIFICATION -> {}
      case MEASURING, SOLVING -> {
        progress.ifPresent(ProgressDisplay::close);
        progress = Optional.empty();
      }
    }
  }

  private void stopping(JobPhase stopped) {
    String when = stopped == JobPhase.TRAINING ? "Stopping after a checkpoint" : "Stopping";
    say(when + "; a second Ctrl-C ends at once");
  }

  /** Writes a line of talk without disturbing the display of the phase at hand. */
  private void say(String line) {
    switch (phase.orElse(JobPhase.MEASURING)) {
      case TRAINING -> training.say(line);
      case CERTIFICATION, ATTACK -> certification.say(line);
      case VERIFICATION, MEASURING, SOLVING ->
          progress.ifPresentOrElse(display -> display.say(line), () -> context.console().say(line));
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
