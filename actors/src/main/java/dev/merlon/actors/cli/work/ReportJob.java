package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Progress;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.report.Measuring;
import dev.merlon.actors.report.Report;
import dev.merlon.actors.report.RunReader;
import dev.merlon.actors.report.RunRecord;
import dev.merlon.actors.report.SolvingExactly;
import dev.merlon.actors.run.ReportDirectory;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.RunSettings;
import dev.merlon.model.data.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** The report of one run, or of several side by side, as a user sees it. */
public final class ReportJob {
  private static final Duration UNLIMITED = Duration.ofDays(10_000);

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public ReportJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param runs run directories, at least one
   * @param data where the files of the data set lie
   * @param images how many test images models are measured on
   * @param exact how many of them are solved exactly
   * @param out where the report goes; empty for the usual place
   * @param json whether the result is printed as JSON
   */
  public record Order(
      List<Path> runs,
      Optional<Path> data,
      int images,
      SolvingExactly.Extent exact,
      Optional<Path> out,
      boolean json) {}

  /**
   * The page of a run that has just ended.
   *
   * @param file where it is; empty if there is none
   * @param code what its absence means for the command
   */
  record Page(Optional<Path> file, ExitCode code) {
    /** Nobody asked for one. */
    static final Page NONE = new Page(Optional.empty(), ExitCode.DONE);

    /** It could not be made, although the run is there. */
    static final Page FAILED = new Page(Optional.empty(), ExitCode.FAILED);
  }

  /**
   * Measures what it can, writes the report, and says where it is.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(Order order) {
    List<RunDirectory> folders = order.runs().stream().map(RunDirectory::open).toList();
    List<RunRecord> runs = new ArrayList<>();
    for (RunDirectory folder : folders) {
      runs.add(record(folder, order));
      Optional<ExitCode> interrupted = context.interrupts().raised();
      if (interrupted.isPresent()) {
        context.console().say("Stopped; what was measured is kept, and the same command goes on");
        return interrupted.get();
      }
    }
    ReportDirectory directory =
        order
            .out()
            .map(ReportDirectory::new)
            .orElseGet(() -> folders.size() == 1 ? folders.get(0).report() : usual());
    Report report = runs.size() == 1 ? Report.of(runs.get(0)) : Report.of(runs);
    Report.Written written = report.write(directory);
    note(written);
    runs.forEach(run -> run.notes().forEach(text -> note(run, text)));
    report.warnings().forEach(text -> context.console().say("Note: " + text));
    print(order, written);
    return ExitCode.DONE;
  }

  /**
   * Measures a run that has just ended and writes its report.
   *
   * @param test the run's test images
   * @param patience how long measuring may take; the last model is measured in any case
   * @return the page; empty if it could not be written, which is said
   */
  Page afterTraining(RunSettings settings, Dataset test, RunDirectory run, Duration patience) {
    RunDirectory folder = RunDirectory.open(run.path());
    try {
      measure(folder, new Measuring(folder, settings, test, Measuring.USUAL_IMAGES), patience);
      Report.Written written =
          Report.of(RunReader.read(folder, Optional.of(test))).write(folder.report());
      note(written);
      return new Page(Optional.of(written.page()), ExitCode.DONE);
    } catch (MerlonException failed) {
      context.console().say("There is no report. " + Sentence.of(failed.failure().message()));
      context.console().say("Go on with: " + context.merlon() + " report " + run);
      return Page.FAILED;
    }
  }

  /** Where several runs are compared unless somebody asks for another place. */
  private static ReportDirectory usual() {
    return new ReportDirectory(Path.of("comparison"));
  }

  private RunRecord record(RunDirectory folder, Order order) {
    RunSettings settings = RunReader.settings(folder);
    boolean drawn = !settings.data().kind().files();
    if (order.data().isEmpty() && !drawn) {
      requireNoSolving(folder, order);
      return RunReader.read(folder, Optional.empty());
    }
    RunReader.requireEpoch(folder);
    Dataset test = images(settings, drawn ? Optional.empty() : order.data(), folder);
    RunReader.requireSameImages(folder, test);
    var measuring = new Measuring(folder, settings, test, order.images());
    Optional<SolvingExactly> solving =
        order.exact().images() == 0
            ? Optional.empty()
            : Optional.of(SolvingExactly.of(folder, settings, test, order.exact()));
    measure(folder, measuring, UNLIMITED);
    if (context.interrupts().raised().isEmpty()) {
      solving.ifPresent(this::solve);
    }
    return RunReader.read(folder, Optional.of(test));
  }

  /** The test images of a run. */
  private Dataset images(RunSettings settings, Optional<Path> data, RunDirectory folder) {
    return TrainingRequest.of(
            settings, data, DecodedImages.cache(context.console()), folder.path(), true)
        .images()
        .test();
  }

  private void measure(RunDirectory folder, Measuring measuring, Duration patience) {
    long begun = System.nanoTime();
    List<Path> open = measuring.open();
    if (open.isEmpty()) {
      return;
    }
    Console console = context.console();
    AtomicBoolean stop = new AtomicBoolean();
    try (Progress progress = Progress.on(console, "Measuring", "models", 0, open.size());
        var registration = context.interrupts().during(code -> stop(progress, stop))) {
      for (int i = 0; i < open.size(); i++) {
        boolean needed = i == 0;
        BooleanSupplier goOn =
            () -> !stop.get() && (needed || System.nanoTime() - begun <= patience.toNanos());
        if (!measuring.measure(open.get(i), goOn)) {
          return;
        }
        progress.at(i + 1, folder.path().relativize(open.get(i)).toString());
      }
    }
  }

  private static void requireNoSolving(RunDirectory folder, Order order) {
    if (order.exact().images() > 0) {
      throw new MerlonException(
          new Failure.Configuration(
              "--exact needs the test images of " + folder,
              "Name the directory of the data set with --data."));
    }
  }

  private void solve(SolvingExactly solving) {
    List<Integer> open = solving.open();
    if (open.isEmpty()) {
      return;
    }
    AtomicBoolean stop = new AtomicBoolean();
    int timeouts = 0;
    try (Progress progress =
            Progress.on(context.console(), "Solving exactly", "images", 0, open.size());
        var registration = context.interrupts().during(code -> stop(progress, stop))) {
      for (int i = 0; i < open.size() && !stop.get(); i++) {
        if (!solving.solve(open.get(i)).proved()) {
          timeouts++;
        }
        progress.at(i + 1, timeouts + " ran into the limit");
      }
    }
  }

  private static void stop(Progress progress, AtomicBoolean stop) {
    progress.say("Stopping; a second Ctrl-C ends at once");
    stop.set(true);
  }

  private void note(Report.Written written) {
    written
        .problem()
        .ifPresent(text -> context.console().say("Note: " + Sentence.of("The " + text)));
  }

  private void note(RunRecord run, String text) {
    context.console().say("Note: " + run.name() + ": " + text);
  }

  private void print(Order order, Report.Written written) {
    Console console = context.console();
    if (order.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("report", written.page().toString());
      fields.put("figures", written.figures().toString());
      fields.put("runs", order.runs().stream().map(Path::toString).toList());
      console.print(Json.line(fields));
    } else {
      console.print("Report        " + written.page());
      console.print("Figures       " + written.figures());
    }
  }
}
