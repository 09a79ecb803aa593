package dev.merlon.actors.report;

import static j2html.TagCreator.join;
import static j2html.TagCreator.span;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.count.Share;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The accuracies of several runs' last models, one row per accuracy and one column per run. A
 * difference to the first run is one on the images that both were certified on.
 */
final class FinalFigures {
  private final List<RunRecord> runs;
  private final List<CommonImages> common;

  FinalFigures(List<RunRecord> runs) {
    this.runs = List.copyOf(runs);
    this.common = runs.stream().map(run -> new CommonImages(runs.get(0), run)).toList();
  }

  /**
   * One accuracy.
   *
   * @param of the share in a summary; empty where nothing measured it
   * @param pair what the first run and another say about the same images
   */
  record Figure(
      String name,
      Function<Summary, Optional<Share>> of,
      Function<CommonImages, Optional<CommonImages.Pair>> pair) {}

  /** The accuracies that any of these runs has, in the order of the table. */
  static List<Figure> figures(List<RunRecord> runs) {
    List<Summary> summaries = runs.stream().flatMap(run -> run.summary().stream()).toList();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure("natural", summary -> Optional.of(summary.natural()), CommonImages::images));
    Set<PerturbationSet> sets = new LinkedHashSet<>();
    summaries.forEach(s -> s.threats().stream().map(ThreatSummary::set).forEach(sets::add));
    for (PerturbationSet set : sets) {
      String name = set.toString();
      figures.add(
          new Figure(
              "adversarial " + name,
              summary -> CommonImages.of(summary, set).flatMap(ThreatSummary::adversarial),
              common -> common.under(set)));
      figures.add(
          new Figure(
              "certified " + name,
              summary -> CommonImages.of(summary, set).map(ThreatSummary::certified),
              common -> common.under(set)));
    }
    if (summaries.stream().anyMatch(summary -> summary.threats().size() > 1)) {
      figures.add(new Figure("union, adversarial", Summary::surviving, CommonImages::union));
      figures.add(
          new Figure(
              "union, certified", summary -> Optional.of(summary.union()), CommonImages::union));
    }
    return figures;
  }

  List<List<DomContent>> rows() {
    List<List<DomContent>> rows = new ArrayList<>();
    rows.add(images());
    figures(runs).forEach(figure -> rows.add(row(figure)));
    return rows;
  }

  /**
   * What a reader of differences must know: which runs were certified on other images or sets than
   * the first.
   *
   * @param names what the runs are called
   */
  List<String> warnings(List<String> names) {
    return IntStream.range(1, runs.size())
        .filter(i -> runs.get(0).verdicts().isPresent() && runs.get(i).verdicts().isPresent())
        .filter(i -> !common.get(i).areAll())
        .mapToObj(i -> warning(names, i))
        .toList();
  }

  private String warning(List<String> names, int i) {
    int shared = common.get(i).images().map(CommonImages.Pair::images).orElse(0);
    String who =
        String.format(
            Locale.ROOT,
            "%s was certified on %,d images, %s on %,d",
            names.get(0),
            inputs(0),
            names.get(i),
            inputs(i));
    if (shared == 0) {
      return who + ", and they have none in common: there are no differences.";
    }
    return who
        + String.format(
            Locale.ROOT,
            ": differences are on the %,d images of both, where the perturbations are the same.",
            shared);
  }

  private int inputs(int run) {
    return runs.get(run).summary().map(Summary::inputs).orElse(0);
  }

  private List<DomContent> images() {
    List<DomContent> cells = new ArrayList<>();
    cells.add(Blocks.cell("test images"));
    for (RunRecord run : runs) {
      cells.add(
          Blocks.cell(
              run.summary()
                  .map(summary -> String.format(Locale.ROOT, "%,d", summary.inputs()))
                  .orElse("not measured")));
    }
    return cells;
  }

  private List<DomContent> row(Figure figure) {
    List<DomContent> cells = new ArrayList<>();
    cells.add(Blocks.cell(figure.name()));
    for (int i = 0; i < runs.size(); i++) {
      Optional<Share> share = runs.get(i).summary().flatMap(figure.of());
      Optional<String> difference = i == 0 ? Optional.empty() : difference(figure, i);
      cells.add(share.map(found -> cell(found, difference)).orElse(Blocks.cell("not measured")));
    }
    return cells;
  }

  private Optional<String> difference(Figure figure, int i) {
    Optional<CommonImages.Pair> pair = figure.pair().apply(common.get(i));
    Optional<Share> base = pair.flatMap(both -> figure.of().apply(both.base()));
    Optional<Share> other = pair.flatMap(both -> figure.of().apply(both.other()));
    if (base.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    String points =
        String.format(Locale.ROOT, "%+.2f", 100 * (other.get().lower() - base.get().lower()));
    boolean all = pair.get().images() == inputs(0) && pair.get().images() == inputs(i);
    return Optional.of(
        all
            ? "(" + points + ")"
            : String.format(Locale.ROOT, "(%s on %,d)", points, pair.get().images()));
  }

  private static DomContent cell(Share share, Optional<String> difference) {
    String percent = Blocks.percent(share.lower());
    return difference
        .<DomContent>map(words -> join(percent, span(words).withClass("delta")))
        .orElse(Blocks.cell(percent));
  }
}
