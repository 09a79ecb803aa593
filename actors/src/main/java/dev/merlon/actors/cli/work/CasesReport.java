package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.actors.report.SummaryTable;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.cases.CaseFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What came out for a file of cases, in words and as JSON.
 *
 * @param elapsed from start to end
 */
record CasesReport(CaseFile cases, CaseCounts counts, Duration elapsed) {
  private static final Set<Outcome.Kind> RARE =
      Set.of(Outcome.Kind.MISCLASSIFIED, Outcome.Kind.CONFLICT);

  /** The counts so far in a few words. */
  static String note(CaseCounts counts) {
    return Arrays.stream(Outcome.Kind.values())
        .filter(kind -> counts.count(kind) > 0)
        .map(kind -> kind.word() + " " + counts.count(kind))
        .collect(Collectors.joining(", "));
  }

  /** What is said when the work was stopped. */
  String stopped(Optional<Path> out) {
    String soFar =
        String.format(
            Locale.ROOT, "Stopped after %,d of %,d cases", counts.answered(), counts.asked());
    return out.map(file -> soFar + "; their verdicts are in " + file + ", --resume goes on.")
        .orElse(soFar + "; --out FILE.jsonl and --resume would keep them.");
  }

  /** A table with a row for each model and one for all. */
  List<String> text(Guarantee guarantee) {
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
                cases.file(),
                Amounts.count(counts.asked(), "case"),
                Amounts.count(counts.models().size(), "model"),
                guarantee.word(),
                Amounts.time(elapsed)));
    text.add("");
    text.addAll(SummaryTable.of(rows).lines());
    text.add("");
    text.addAll(ReusedSentences.of(counts.reused()));
    return text;
  }

  /** The object that {@code --json} prints. */
  Map<String, Object> json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("cases", cases.file().toString());
    report.put("asked", counts.asked());
    put(report, counts::count);
    List<Map<String, Object>> models = new ArrayList<>();
    for (CaseCounts.Model model : counts.models()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("model", cases.shown(model.model()));
      entry.put("asked", model.asked());
      put(entry, model::count);
      entry.put("seconds", thousandths(model.seconds()));
      models.add(entry);
    }
    report.put("models", models);
    OutcomeJson.putReused(report, counts.reused());
    report.put("seconds", thousandths(elapsed.toMillis() / 1000.0));
    return report;
  }

  private static void put(Map<String, Object> entry, ToIntFunction<Outcome.Kind> count) {
    Arrays.stream(Outcome.Kind.values())
        .forEach(kind -> entry.put(kind.word(), count.applyAsInt(kind)));
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

  private static double thousandths(double seconds) {
    return Math.round(1000 * seconds) / 1000.0;
  }
}
