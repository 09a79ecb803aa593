package dev.merlon.actors.report;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.Histograms;
import dev.merlon.actors.report.chart.Ink;
import dev.merlon.model.measure.Approximation;
import dev.merlon.model.measure.WorstCase;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far training's approximations of the worst-case loss are from the exact one. */
final class WorstCasePart {
  private static final String HEADING = "Worst-case loss, approximated and exact";
  // A solver's tolerance, and float32 in the attack.
  private static final double SAME = 1e-4;
  private final List<RunRecord> runs;
  private final List<String> names;

  /**
   * The part for these runs.
   *
   * @param names what they are called
   */
  WorstCasePart(List<RunRecord> runs, List<String> names) {
    this.runs = List.copyOf(runs);
    this.names = List.copyOf(names);
  }

  /** The part; none where nothing was solved. Its figures are added to those drawn. */
  Optional<DomContent> section(List<Figure> drawn) {
    List<Integer> solved = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).worstCases().stream().anyMatch(WorstCase::proved)) {
        solved.add(i);
      }
    }
    if (solved.isEmpty()) {
      return Optional.empty();
    }
    List<Figure> figures = solved.stream().<Figure>map(this::figure).toList();
    drawn.addAll(figures);
    return Optional.of(
        Blocks.part(
            HEADING,
            "What a mixed-integer program finds to be the largest max-margin loss max_j (f_j - f_y)"
                + " of each image, and how far approximations of it are from that: below 0 they"
                + " miss the worst point, above 0 they count points that do not exist. "
                + String.join(" ", solved.stream().map(this::extent).toList()),
            List.of(
                Blocks.figures(figures),
                Blocks.rows(
                    List.of("", "mean error", "median", "largest", "too small", "too large"),
                    solved.stream().flatMap(i -> rows(i).stream()).toList()))));
  }

  private Histograms figure(int i) {
    List<WorstCase> cases = runs.get(i).worstCases();
    List<Histograms.Row> rows = new ArrayList<>();
    for (Approximation kind : Approximation.values()) {
      List<Double> errors = errors(cases, kind);
      if (!errors.isEmpty()) {
        rows.add(new Histograms.Row(kind.title(), ink(kind), errors));
      }
    }
    String suffix = runs.size() == 1 ? "" : "-" + (i + 1);
    String title = runs.size() == 1 ? "Error of the worst-case loss" : names.get(i);
    return new Histograms(
        "worst-case-errors" + suffix, title, "approximation - exact max-margin loss", rows);
  }

  private String extent(int i) {
    List<WorstCase> cases = runs.get(i).worstCases();
    long proved = cases.stream().filter(WorstCase::proved).count();
    return String.format(
        Locale.ROOT,
        "%s%,d of %,d images are solved under %s%s.",
        runs.size() == 1 ? "" : names.get(i) + ": ",
        proved,
        cases.size(),
        cases.get(0).threat(),
        proved < cases.size() ? "; the others ran into the limit and are not counted" : "");
  }

  private List<List<DomContent>> rows(int i) {
    List<List<DomContent>> rows = new ArrayList<>();
    for (Approximation kind : Approximation.values()) {
      List<Double> errors = errors(runs.get(i).worstCases(), kind).stream().sorted().toList();
      if (!errors.isEmpty()) {
        String name = runs.size() == 1 ? kind.title() : names.get(i) + ", " + kind.title();
        rows.add(row(name, errors));
      }
    }
    return rows;
  }

  private static List<DomContent> row(String name, List<Double> sorted) {
    double largest =
        Math.abs(sorted.get(0)) > Math.abs(sorted.get(sorted.size() - 1))
            ? sorted.get(0)
            : sorted.get(sorted.size() - 1);
    double all = sorted.size();
    return List.of(
        Blocks.cell(name),
        Blocks.cell(signed(sorted.stream().mapToDouble(Double::doubleValue).average().orElse(0))),
        Blocks.cell(signed(sorted.get(sorted.size() / 2))),
        Blocks.cell(signed(largest)),
        Blocks.cell(Blocks.percent(sorted.stream().filter(e -> e < -SAME).count() / all)),
        Blocks.cell(Blocks.percent(sorted.stream().filter(e -> e > SAME).count() / all)));
  }

  private static List<Double> errors(List<WorstCase> cases, Approximation kind) {
    return cases.stream().flatMap(worst -> worst.error(kind).stream()).toList();
  }

  private static Ink ink(Approximation kind) {
    return switch (kind) {
      case PGD -> Ink.ORANGE;
      case SABR -> Ink.GREEN;
      case TAPS -> Ink.PURPLE;
      case CROWN_IBP -> Ink.BLUE;
      case IBP -> Ink.SKY;
    };
  }

  private static String signed(double value) {
    return Math.abs(value) < 5e-4 ? "0.000" : String.format(Locale.ROOT, "%+.3f", value);
  }
}
