package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobOutcome.Reported;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.report.Report;
import dev.merlon.config.failure.MerlonException;

/** The report of one run, or of several side by side, as a user sees it. */
public final class ReportConsole {
  private final CommandContext context;
  private final boolean json;

  /**
   * One that talks to the user through this context.
   *
   * @param json whether the result is printed as JSON
   */
  public ReportConsole(CommandContext context, boolean json) {
    this.context = context;
    this.json = json;
  }

  /**
   * Writes the report, says where it is, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(JobSpec.ReportRuns spec) {
    try (JobView view = new JobView(context, false)) {
      JobOutcome outcome = spec.run(context.job(view));
      if (outcome instanceof Reported reported) {
        note(context.console(), reported.written());
        reported.notes().forEach(text -> context.console().say("Note: " + text));
        print(reported);
        return ExitCode.DONE;
      }
      context.console().say("Stopped; what was measured is kept, and the same command goes on");
      return context.interrupts().raised().orElse(ExitCode.INTERRUPTED);
    }
  }

  /** Says what went wrong with the figures. */
  static void note(Console console, Report.Written written) {
    written.problem().ifPresent(text -> console.say("Note: " + Sentence.of("The " + text)));
  }

  private void print(Reported reported) {
    Console console = context.console();
    Report.Written written = reported.written();
    if (json) {
      console.print(Json.line(OutcomeJson.of(reported)));
    } else {
      console.print("Report        " + written.page());
      console.print("Figures       " + written.figures());
    }
  }
}
