package dev.merlon.actors.report;

import static j2html.TagCreator.join;
import static j2html.TagCreator.span;

import dev.merlon.model.verify.Share;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.ThreatSummary;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The accuracies of several runs' last models, one row per accuracy and one column per run. */
final class FinalFigures {
  private final List<RunRecord> runs;

  FinalFigures(List<RunRecord> runs) {
    this.runs = List.copyOf(runs);
  }

  List<List<DomContent>> rows() {
    List<List<DomContent>> rows = new ArrayList<>();
    rows.add(row("natural", summary -> Optional.of(summary.natural())));
    Set<String> threats = new LinkedHashSet<>();
    runs.forEach(
        run ->
            run.summary()
                .ifPresent(
                    summary ->
                        summary.threats().stream().map(ThreatSummary::name).forEach(threats::add)));
    for (String threat : threats) {
      rows.add(
          row(
              "adversarial " + threat,
              summary -> summary.threat(threat).flatMap(ThreatSummary::adversarial)));
      rows.add(
          row(
              "certified " + threat,
              summary -> summary.threat(threat).map(ThreatSummary::certified)));
    }
    if (runs.stream()
        .flatMap(run -> run.summary().stream())
        .anyMatch(s -> s.threats().size() > 1)) {
      rows.add(row("union, adversarial", Summary::surviving));
      rows.add(row("union, certified", summary -> Optional.of(summary.union())));
    }
    return rows;
  }

  private List<DomContent> row(String name, Function<Summary, Optional<Share>> figure) {
    List<DomContent> cells = new ArrayList<>();
    cells.add(Blocks.cell(name));
    List<Optional<Double>> values =
        runs.stream().map(run -> run.summary().flatMap(figure).map(Share::lower)).toList();
    for (int i = 0; i < values.size(); i++) {
      Optional<Double> base = i == 0 ? Optional.empty() : values.get(0);
      cells.add(values.get(i).map(value -> cell(value, base)).orElse(Blocks.cell("not measured")));
    }
    return cells;
  }

  private static DomContent cell(double value, Optional<Double> base) {
    return base.<DomContent>map(
            first ->
                join(
                    Blocks.percent(value),
                    span(String.format(Locale.ROOT, "(%+.2f)", 100 * (value - first)))
                        .withClass("delta")))
        .orElse(Blocks.cell(Blocks.percent(value)));
  }
}
