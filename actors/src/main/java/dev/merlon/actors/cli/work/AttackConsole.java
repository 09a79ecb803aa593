package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.report.ReusedSentences;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;

/** One attack on a model as a user sees it: progress, table. */
public final class AttackConsole {
  private final CommandContext context;
  private final OutputForm form;

  /** One that talks to the user through this context. */
  public AttackConsole(CommandContext context, OutputForm form) {
    this.context = context;
    this.form = form;
  }

  /**
   * Attacks, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(JobSpec.AttackModel spec) {
    try (JobView view = new JobView(context, false)) {
      JobOutcome.Attacked outcome = spec.run(context.job(view));
      return new ExaminationView(context, form)
          .conclude(outcome.report(), OutcomeJson.of(outcome), () -> table(outcome, view.fresh()));
    }
  }

  private void table(JobOutcome.Attacked outcome, List<Verdict> fresh) {
    Console console = form.tables(context.console());
    CertificationReport report = outcome.report();
    EvaluationAttack attack = outcome.spec().attack();
    console.print(
        "%s (sha256 %s) on %s, attacked by %s with %s and %s, in %s"
            .formatted(
                outcome.spec().examination().model(),
                report.sha256().substring(0, 12),
                ExaminationView.words(outcome.inputs(), report.summary().inputs()),
                attack.method().title(),
                Amounts.count(attack.settings().steps(), "step"),
                Amounts.count(attack.settings().restarts(), "restart"),
                Amounts.time(report.elapsed())));
    ExaminationView.use(report.use()).forEach(console::print);
    console.print("");
    ExaminationView.answers(outcome.inputs(), fresh, VerdictSentence::ofAttack)
        .forEach(console::print);
    SummaryTable.ofAttack(report.summary()).lines().forEach(console::print);
    List<String> reused = ReusedSentences.of(report.reused(), OutputForm.RETRY);
    if (!reused.isEmpty()) {
      console.print("");
      reused.forEach(console::print);
    }
    form.file().ifPresent(file -> console.print("\nVerdicts in " + file));
  }
}
