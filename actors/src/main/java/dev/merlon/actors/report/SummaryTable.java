package dev.merlon.actors.report;

import dev.merlon.actors.Amounts;
import dev.merlon.model.verify.count.Share;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The accuracies of a model, one row per perturbation and one for their union, as the literature
 * prints them. Undecided inputs are neither proved nor refuted.
 */
public final class SummaryTable {
  private static final String NONE = "-";
  private static final String UNION = "union";

  private final List<List<String>> rows;

  private SummaryTable(List<List<String>> rows) {
    this.rows = rows;
  }

  /** A table of these rows, the first of which is the head. */
  public static SummaryTable of(List<List<String>> rows) {
    return new SummaryTable(List.copyOf(rows));
  }

  /** The table of a certification. */
  public static SummaryTable ofCertification(Summary summary) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "natural", "adversarial", "certified", "undecided"));
    String natural = Amounts.percent(summary.natural().lower());
    for (ThreatSummary threat : summary.threats()) {
      rows.add(row(threat.name(), natural, threat.adversarial(), threat.certified()));
    }
    if (summary.threats().size() > 1) {
      rows.add(row(UNION, natural, summary.surviving(), summary.union()));
    }
    return new SummaryTable(rows);
  }

  /** The table of an attack, which proves nothing. */
  public static SummaryTable ofAttack(Summary summary) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "natural", "adversarial"));
    String natural = Amounts.percent(summary.natural().lower());
    for (ThreatSummary threat : summary.threats()) {
      rows.add(List.of(threat.name(), natural, percent(threat.adversarial())));
    }
    if (summary.threats().size() > 1) {
      rows.add(List.of(UNION, natural, percent(summary.surviving())));
    }
    return new SummaryTable(rows);
  }

  private static List<String> row(
      String name, String natural, Optional<Share> adversarial, Share certified) {
    return List.of(
        name, natural, percent(adversarial), Amounts.percent(certified.lower()), open(certified));
  }

  /** Columns separated by spaces, numbers to the right; one line per row. */
  public List<String> lines() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths).stripTrailing()).toList();
  }

  /** The same as a Markdown table. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(row.stream().collect(Collectors.joining(" | ", "| ", " |")));
    }
    lines.add(1, "| --- |" + " ---: |".repeat(rows.get(0).size() - 1));
    return lines;
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String room = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? cell + room : "  " + room + cell);
    }
    return line.toString();
  }

  private static String percent(Optional<Share> share) {
    return share.map(known -> Amounts.percent(known.lower())).orElse(NONE);
  }

  private static String open(Share share) {
    return Amounts.percent((double) share.open() / share.of());
  }
}
