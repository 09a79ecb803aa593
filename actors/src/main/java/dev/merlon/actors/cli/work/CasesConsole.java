package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.report.ReusedSentences;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** The cases of a file as a user sees them: progress, a table with a row for each model. */
public final class CasesConsole {
  private static final Set<Outcome.Kind> RARE =
      Set.of(Outcome.Kind.MISCLASSIFIED, Outcome.Kind.CONFLICT);

  private final CommandContext context;
  private final OutputForm form;

  /** One that talks to the user through this context. */
  public CasesConsole(CommandContext context, OutputForm form) {
    this.context = context;
    this.form = form;
  }

  /**
   * Certifies, prints what came out, and gives the exit code.
   *
   * @throws MerlonException (data) when the file is no file of cases
   */
  public ExitCode run(JobSpec.CertifyCases spec) {
    try (JobView view = new JobView(context, false)) {
      return conclude(spec.run(context.job(view)));
    }
  }

  private ExitCode conclude(JobOutcome.CasesCertified outcome) {
    Console console = context.console();
    Optional<ExitCode> interrupted = context.interrupts().raised();
    CaseCounts counts = outcome.counts();
    if (interrupted.isPresent() && counts.answered() < counts.asked()) {
      console.say(stopped(counts));
      return interrupted.get();
    }
    if (form.json()) {
      console.print(Json.line(OutcomeJson.of(outcome)));
    } else {
      Console tables = form.tables(console);
      text(outcome).forEach(tables::print);
      form.file().ifPresent(file -> tables.print("Verdicts in " + file));
    }
    VerdictWarning.say(
        console,
        counts.count(Outcome.Kind.CONFLICT),
        new Summary.Unprocessed(counts.unprocessed(), Optional.empty()),
        "case");
    return interrupted.orElse(code(counts));
  }

  private static ExitCode code(CaseCounts counts) {
    if (counts.count(Outcome.Kind.CONFLICT) > 0) {
      return ExitCode.FAILED;
    }
    return counts.unprocessed() > 0 ? ExitCode.UNDECIDED : ExitCode.DONE;
  }

  /** What is said when the work was stopped. */
  private String stopped(CaseCounts counts) {
    String soFar =
        String.format(
            Locale.ROOT, "Stopped after %,d of %,d cases", counts.answered(), counts.asked());
    return form.file()
        .map(file -> soFar + "; their verdicts are in " + file + ", --resume goes on.")
        .orElse(soFar + "; --out FILE.jsonl and --resume would keep them.");
  }

  /** A table with a row for each model and one for all. */
  private static List<String> text(JobOutcome.CasesCertified outcome) {
    CaseCounts counts = outcome.counts();
    List<Outcome.Kind> shown =
        Arrays.stream(Outcome.Kind.values())
            .filter(kind -> !RARE.contains(kind) || counts.count(kind) > 0)
            .toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("", "cases"));
    shown.forEach(kind -> head.add(kind.word()));
    head.add("seconds");
    rows.add(head);
    counts
        .models()
        .forEach(
            model ->
                rows.add(
                    row(
                        String.valueOf(model.model().getFileName()),
                        model.asked(),
                        shown,
                        model::count,
                        model.seconds())));
    rows.add(row("all", counts.asked(), shown, counts::count, counts.seconds()));
    List<String> text = new ArrayList<>();
    text.add(
        "%s: %s of %s, guarantee %s, in %s"
            .formatted(
                outcome.spec().cases(),
                Amounts.count(counts.asked(), "case"),
                Amounts.count(counts.models().size(), "model"),
                outcome.spec().guarantee().word(),
                Amounts.time(outcome.elapsed())));
    text.add("");
    text.addAll(SummaryTable.of(rows).lines());
    text.add("");
    text.addAll(ReusedSentences.of(counts.reused(), OutputForm.RETRY));
    return text;
  }

  private static List<String> row(
      String name,
      int asked,
      List<Outcome.Kind> shown,
      ToIntFunction<Outcome.Kind> count,
      double seconds) {
    List<String> row = new ArrayList<>(List.of(name, Integer.toString(asked)));
    shown.forEach(kind -> row.add(Integer.toString(count.applyAsInt(kind))));
    row.add(String.format(Locale.ROOT, "%.1f", seconds));
    return row;
  }
}
