package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.report.ReusedSentences;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One certification as a user sees it: progress, table, gate. */
public final class CertificationConsole {
  private final CommandContext context;
  private final OutputForm form;

  /** One that talks to the user through this context. */
  public CertificationConsole(CommandContext context, OutputForm form) {
    this.context = context;
    this.form = form;
  }

  /**
   * Certifies, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(JobSpec.CertifyModel spec) {
    try (JobView view = new JobView(context, false)) {
      JobOutcome.Certified outcome = spec.run(context.job(view));
      return new ExaminationView(context, form)
          .conclude(outcome.report(), OutcomeJson.of(outcome), () -> table(outcome, view.fresh()));
    }
  }

  private void table(JobOutcome.Certified outcome, List<Verdict> fresh) {
    Console console = form.tables(context.console());
    CertificationReport report = outcome.report();
    Summary summary = report.summary();
    console.print(
        "%s (sha256 %s) on %s, guarantee %s, in %s"
            .formatted(
                outcome.spec().examination().model(),
                report.sha256().substring(0, 12),
                ExaminationView.words(outcome.inputs(), summary.inputs()),
                outcome.spec().terms().guarantee().word(),
                Amounts.time(report.elapsed())));
    ExaminationView.use(report.use()).forEach(console::print);
    console.print("");
    ExaminationView.answers(outcome.inputs(), fresh, VerdictSentence::of).forEach(console::print);
    SummaryTable.ofCertification(summary).lines().forEach(console::print);
    console.print("");
    if (!summary.complete()) {
      console.print(
          String.format(
              Locale.ROOT,
              "Stopped after %d of %d inputs: others count as neither classified nor proved, so"
                  + " that shares are lower bounds",
              summary.answered(),
              summary.inputs()));
    }
    console.print("Decided by " + rungs(summary));
    ReusedSentences.of(report.reused(), OutputForm.RETRY).forEach(console::print);
    form.file().ifPresent(file -> console.print("Verdicts in " + file));
    decisions(outcome.spec().requirements(), summary).forEach(console::print);
  }

  private static List<String> decisions(List<Requirement> requirements, Summary summary) {
    List<String> lines = new ArrayList<>();
    requirements.forEach(gate -> lines.add(gate + ": " + gate.decide(summary).name()));
    if (requirements.size() > 1) {
      lines.add("All of them: " + Requirement.decide(requirements, summary).name());
    }
    return lines;
  }

  private static String rungs(Summary summary) {
    return summary.rungs().isEmpty()
        ? "no rung"
        : Arrays.stream(Rung.values())
            .filter(rung -> summary.rungs().containsKey(rung))
            .map(rung -> rung.word() + " " + summary.rungs().get(rung))
            .collect(Collectors.joining(", "));
  }
}
