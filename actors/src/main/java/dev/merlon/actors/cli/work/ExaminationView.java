package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What users see of certified and of attacked models alike. */
final class ExaminationView {
  private final CommandContext context;
  private final OutputForm form;

  ExaminationView(CommandContext context, OutputForm form) {
    this.context = context;
    this.form = form;
  }

  /**
   * Prints what came out, or how far an interrupted job came, and gives the exit code.
   *
   * @param json the object that {@code --json} prints
   * @param table prints the same for people
   */
  ExitCode conclude(CertificationReport report, Map<String, Object> json, Runnable table) {
    Optional<ExitCode> interrupted = context.interrupts().raised();
    Summary summary = report.summary();
    if (interrupted.isPresent() && !summary.complete()) {
      context.console().say(stopped(summary));
      return interrupted.get();
    }
    if (form.json()) {
      context.console().print(Json.line(json));
    } else {
      table.run();
    }
    return interrupted.orElse(ExitCode.of(report));
  }

  private String stopped(Summary summary) {
    String soFar =
        String.format(
            Locale.ROOT, "Stopped after %,d of %,d inputs", summary.answered(), summary.inputs());
    return form.file()
        .map(file -> soFar + "; their verdicts are in " + file + ", --resume goes on.")
        .orElse(soFar + "; --out FILE.jsonl and --resume would keep them.");
  }

  /** What people call so many inputs. */
  static String words(JobOutcome.Inputs inputs, int number) {
    return inputs.label().isPresent()
        ? String.format(Locale.ROOT, "%s with label %d", inputs.name(), inputs.label().getAsInt())
        : "%s of %s, %s set"
            .formatted(Amounts.count(number, "input"), inputs.name(), inputs.split().label());
  }

  /** What is done around the model, if anything is. */
  static List<String> use(ModelUse use) {
    return Stream.of(
            use.input().map(words -> "Given to the model: " + words),
            use.threshold().map(decisive -> "Class 1 where the output is above " + decisive))
        .flatMap(Optional::stream)
        .toList();
  }

  /** About one picture, each fresh verdict in a line, and an empty one behind them. */
  static List<String> answers(
      JobOutcome.Inputs inputs, List<Verdict> fresh, Function<Verdict, String> sentence) {
    return inputs.label().isEmpty() || fresh.isEmpty()
        ? List.of()
        : Stream.concat(fresh.stream().map(sentence), Stream.of("")).toList();
  }
}
