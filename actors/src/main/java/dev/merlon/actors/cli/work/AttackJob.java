package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.EvaluationAttack;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Rung;
import java.time.Duration;
import java.util.List;

/**
 * One attack on a model as a user sees it: the verifiers' way, with no other rung than the search.
 */
public final class AttackJob {
  // An attack ends by itself; its strength says how long it takes.
  private static final Duration NO_LIMIT = Duration.ofDays(365);

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public AttackJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param json whether the result is printed as JSON
   */
  public record Order(
      Examination.Subject subject,
      EvaluationAttack attack,
      Examination.Conduct conduct,
      boolean json) {}

  /**
   * Attacks, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(Order order) {
    var examination = new Examination(context, CertificationView.Measure.SURVIVING);
    Examination.Findings findings =
        examination.run(
            order.subject(), order.conduct(), effort(order), Guarantee.NOMINAL, List.of());
    return examination.conclude(order.conduct(), findings, () -> print(order, findings));
  }

  private static Effort effort(Order order) {
    return Effort.of(List.of(Rung.PGD), order.attack(), order.conduct().seed(), NO_LIMIT);
  }

  private void print(Order order, Examination.Findings findings) {
    Console console = order.conduct().tables(context.console());
    CertificationReport report = findings.report();
    if (order.json()) {
      console.print(Json.line(Reports.attack(order.subject().model(), report, order.attack())));
      return;
    }
    console.print(
        "%s (sha256 %s) on %s, attacked by %s with %s and %s, in %s"
            .formatted(
                order.subject().model(),
                report.sha256().substring(0, 12),
                findings.images().words(report.summary().inputs()),
                order.attack().method().title(),
                Amounts.count(order.attack().settings().steps(), "step"),
                Amounts.count(order.attack().settings().restarts(), "restart"),
                Amounts.time(report.elapsed())));
    findings.use().forEach(console::print);
    console.print("");
    findings.answers(VerdictSentence::ofAttack).forEach(console::print);
    SummaryTable.ofAttack(report.summary()).lines().forEach(console::print);
    List<String> reused = ReusedSentences.of(report.reused());
    if (!reused.isEmpty()) {
      console.print("");
      reused.forEach(console::print);
    }
    order.conduct().file().ifPresent(file -> console.print("\nVerdicts in " + file));
  }
}
