package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.report.Measuring;
import dev.merlon.actors.report.Report;
import dev.merlon.actors.report.RunReader;
import dev.merlon.actors.report.RunRecord;
import dev.merlon.actors.report.SolvingExactly;
import dev.merlon.actors.run.ReportDirectory;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Writes the page of one run, or of several side by side. */
final class ReportJob {
  private static final Duration UNLIMITED = Duration.ofDays(10_000);

  private final JobContext context;

  ReportJob(JobContext context) {
    this.context = context;
  }

  /**
   * Measures what it can and writes the report.
   *
   * @throws MerlonException when it cannot be done
   */
  JobOutcome run(JobSpec.ReportRuns spec) {
    List<RunDirectory> directories = spec.runs().stream().map(RunDirectory::open).toList();
    List<RunRecord> runs = new ArrayList<>();
    for (RunDirectory directory : directories) {
      runs.add(record(directory, spec));
      if (context.stop().requested()) {
        return new JobOutcome.ReportStopped();
      }
    }
    ReportDirectory place =
        spec.out()
            .map(ReportDirectory::new)
            .orElseGet(() -> directories.size() == 1 ? directories.get(0).report() : usual());
    Report report = runs.size() == 1 ? Report.of(runs.get(0)) : Report.of(runs);
    Report.Written written = report.write(place);
    List<String> notes = new ArrayList<>();
    runs.forEach(run -> run.notes().forEach(text -> notes.add(run.name() + ": " + text)));
    notes.addAll(report.warnings());
    return new JobOutcome.Reported(written, spec.runs(), notes);
  }

  /**
   * Measures a run that has just ended and writes its report.
   *
   * @param test the run's test images
   * @param patience how long measuring may take; the last model is measured in any case
   */
  JobOutcome.Page afterTraining(
      RunSettings settings, Dataset test, RunDirectory run, Duration patience) {
    RunDirectory opened = RunDirectory.open(run.path());
    try {
      measure(opened, new Measuring(opened, settings, test, Measuring.USUAL_IMAGES), patience);
      return new JobOutcome.Page.There(
          Report.of(RunReader.read(opened, Optional.of(test))).write(opened.report()));
    } catch (MerlonException failed) {
      return new JobOutcome.Page.Missing(failed.failure());
    }
  }

  /** Where several runs are compared unless somebody asks for another place. */
  private static ReportDirectory usual() {
    return new ReportDirectory(Path.of("comparison"));
  }

  private RunRecord record(RunDirectory run, JobSpec.ReportRuns spec) {
    RunSettings settings = RunReader.settings(run);
    boolean drawn = !settings.data().kind().files();
    if (spec.data().isEmpty() && !drawn) {
      requireNoSolving(run, spec);
      return RunReader.read(run, Optional.empty());
    }
    RunReader.requireEpoch(run);
    Dataset test = images(settings, drawn ? Optional.empty() : spec.data(), run);
    RunReader.requireSameImages(run, test);
    var measuring = new Measuring(run, settings, test, spec.images());
    Optional<SolvingExactly> solving =
        spec.exact().images() == 0
            ? Optional.empty()
            : Optional.of(SolvingExactly.of(run, settings, test, spec.exact()));
    measure(run, measuring, UNLIMITED);
    if (!context.stop().requested()) {
      solving.ifPresent(this::solve);
    }
    return RunReader.read(run, Optional.of(test));
  }

  /** The test images of a run. */
  private Dataset images(RunSettings settings, Optional<Path> data, RunDirectory run) {
    return TrainingRequest.of(
            settings,
            data,
            DecodedImages.cache(line -> context.tell(new JobEvent.Said(line))),
            run.path(),
            true)
        .images()
        .test();
  }

  private static void requireNoSolving(RunDirectory run, JobSpec.ReportRuns spec) {
    if (spec.exact().images() > 0) {
      throw MerlonException.configuration(
          "--exact needs the test images of " + run,
          "Name the directory of the data set with --data.");
    }
  }

  private void measure(RunDirectory run, Measuring measuring, Duration patience) {
    long begun = System.nanoTime();
    List<Path> open = measuring.open();
    during(
        JobPhase.MEASURING,
        open.size(),
        stop -> {
          for (int i = 0; i < open.size(); i++) {
            boolean needed = i == 0;
            BooleanSupplier goOn =
                () -> !stop.get() && (needed || System.nanoTime() - begun <= patience.toNanos());
            if (!measuring.measure(open.get(i), goOn)) {
              return;
            }
            String model = run.path().relativize(open.get(i)).toString();
            context.tell(new JobEvent.Advanced(JobPhase.MEASURING, i + 1, open.size(), model));
          }
        });
  }

  private void solve(SolvingExactly solving) {
    List<Integer> open = solving.open();
    during(
        JobPhase.SOLVING,
        open.size(),
        stop -> {
          int timeouts = 0;
          for (int i = 0; i < open.size() && !stop.get(); i++) {
            if (!solving.solve(open.get(i)).proved()) {
              timeouts++;
            }
            String note = timeouts + " ran into the limit";
            context.tell(new JobEvent.Advanced(JobPhase.SOLVING, i + 1, open.size(), note));
          }
        });
  }

  private interface Work {
    /** Does it, until it is done or {@code stop} becomes true. */
    void until(AtomicBoolean stop);
  }

  private void during(JobPhase phase, int total, Work work) {
    if (total == 0) {
      return;
    }
    AtomicBoolean stop = new AtomicBoolean();
    context.tell(new JobEvent.PhaseBegan(phase));
    context.tell(new JobEvent.Advanced(phase, 0, total, ""));
    try (var registration = context.stop().during(() -> stop(phase, stop))) {
      work.until(stop);
    } finally {
      context.tell(new JobEvent.PhaseEnded(phase));
    }
  }

  private void stop(JobPhase phase, AtomicBoolean stop) {
    context.tell(new JobEvent.Stopping(phase));
    stop.set(true);
  }
}
