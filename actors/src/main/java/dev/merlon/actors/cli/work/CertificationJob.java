package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.AttackStrength;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One certification as a user sees it: progress, table, gate. */
public final class CertificationJob {
  private final CommandContext context;

  /** One that talks to the user through this context. */
  public CertificationJob(CommandContext context) {
    this.context = context;
  }

  /** How hard a user wants it tried. */
  public record Terms(List<Rung> rungs, Guarantee guarantee, Duration timeout) {}

  /**
   * What a user asked for.
   *
   * @param requirements thresholds, all of which have to be reached; none = no gate
   * @param json whether the result is printed as JSON
   */
  public record Order(
      Examination.Subject subject,
      Terms terms,
      List<Requirement> requirements,
      Examination.Conduct conduct,
      boolean json) {}

  /**
   * Certifies, prints what came out, and gives the exit code.
   *
   * @throws MerlonException when it cannot be done
   */
  public ExitCode run(Order order) {
    var examination = new Examination(context, CertificationView.Measure.CERTIFIED);
    Examination.Findings findings =
        examination.run(
            order.subject(),
            order.conduct(),
            effort(order),
            order.terms().guarantee(),
            order.requirements());
    return examination.conclude(order.conduct(), findings, () -> print(order, findings));
  }

  private static Effort effort(Order order) {
    return Effort.of(
        order.terms().rungs(),
        AttackStrength.QUICK.attack(),
        order.conduct().seed(),
        order.terms().timeout());
  }

  private void print(Order order, Examination.Findings findings) {
    CertificationReport report = findings.report();
    if (order.json()) {
      context
          .console()
          .print(
              Json.line(
                  Reports.certification(order.subject().model(), report, order.requirements())));
    } else {
      table(order, findings);
    }
  }

  private void table(Order order, Examination.Findings findings) {
    Console console = order.conduct().tables(context.console());
    CertificationReport report = findings.report();
    Summary summary = report.summary();
    console.print(
        "%s (sha256 %s) on %s, guarantee %s, in %s"
            .formatted(
                order.subject().model(),
                report.sha256().substring(0, 12),
                findings.images().words(summary.inputs()),
                order.terms().guarantee().word(),
                Amounts.time(report.elapsed())));
    findings.use().forEach(console::print);
    console.print("");
    findings.answers(VerdictSentence::of).forEach(console::print);
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
    ReusedSentences.of(report.reused()).forEach(console::print);
    order.conduct().file().ifPresent(file -> console.print("Verdicts in " + file));
    decisions(order.requirements(), summary).forEach(console::print);
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
