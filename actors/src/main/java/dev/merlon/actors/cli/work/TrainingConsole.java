package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobOutcome.Evaluated;
import dev.merlon.actors.job.JobOutcome.Page;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.config.failure.MerlonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One training run as a user sees it: estimates, progress, results. */
public final class TrainingConsole {
  private final CommandContext context;
  private final boolean json;
  private final String advice;

  /**
   * One that talks to the user through this context.
   *
   * @param json whether the result is printed as JSON
   * @param advice the command that goes on with the run, without the name of the program
   */
  public TrainingConsole(CommandContext context, boolean json, String advice) {
    this.context = context;
    this.json = json;
    this.advice = advice;
  }

  /**
   * Trains and evaluates, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(JobSpec.TrainRun spec) {
    try (JobView view = new JobView(context, spec.resume())) {
      JobOutcome.Trained outcome = spec.run(context.job(view));
      outcome.page().ifPresent(page -> say(page, spec.directory()));
      return conclude(outcome, spec.directory());
    }
  }

  private void say(Page page, RunDirectory run) {
    Console console = context.console();
    if (page instanceof Page.There there) {
      ReportConsole.note(console, there.written());
    } else if (page instanceof Page.Missing missing) {
      console.say("There is no report. " + Sentence.of(missing.failure().message()));
      console.say("Go on with: " + context.merlon() + " report " + run);
    }
  }

  private ExitCode conclude(JobOutcome.Trained outcome, RunDirectory run) {
    Optional<ExitCode> interrupted = context.interrupts().raised();
    if (outcome.training() instanceof TrainingOutcome.Stopped stopped) {
      return goOnLater(stopped(stopped));
    }
    Optional<Evaluated> evaluated =
        outcome.evaluation().filter(result -> result.report().summary().complete());
    if (evaluated.isEmpty()) {
      return goOnLater("Stopped before the model was certified; it is trained");
    }
    Console console = context.console();
    var completed = (TrainingOutcome.Completed) outcome.training();
    if (json) {
      console.print(Json.line(OutcomeJson.of(outcome)));
    } else {
      text(completed, evaluated.get(), run).forEach(console::print);
      page(outcome).ifPresent(there -> console.print("Report        " + there.written().page()));
    }
    return interrupted.orElseGet(() -> code(evaluated.get(), outcome));
  }

  private ExitCode goOnLater(String why) {
    context.console().say(why);
    context.console().say("Go on with: " + context.merlon() + " " + advice);
    return context.interrupts().raised().orElse(ExitCode.INTERRUPTED);
  }

  private static List<String> text(
      TrainingOutcome.Completed completed, Evaluated evaluated, RunDirectory run) {
    List<String> text = new ArrayList<>(evaluated.summary().text());
    text.add("");
    text.add("Model         " + completed.model());
    text.add("Certificates  " + run.certificates());
    text.add("Summary       " + run.report().summary());
    return text;
  }

  private static Optional<Page.There> page(JobOutcome.Trained outcome) {
    return outcome.page().filter(page -> page instanceof Page.There).map(page -> (Page.There) page);
  }

  private static ExitCode code(Evaluated evaluated, JobOutcome.Trained outcome) {
    ExitCode code = ExitCode.of(evaluated.report());
    boolean missing = outcome.page().isPresent() && page(outcome).isEmpty();
    return code == ExitCode.DONE && missing ? ExitCode.FAILED : code;
  }

  private static String stopped(TrainingOutcome.Stopped stopped) {
    String where =
        String.format(
            Locale.ROOT, "Stopped after step %,d of %,d", stopped.steps(), stopped.totalSteps());
    return stopped
        .checkpoint()
        .map(file -> where + ", checkpoint " + file)
        .orElse(where + ", before there was anything to keep");
  }
}
