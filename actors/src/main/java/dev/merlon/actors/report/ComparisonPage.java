package dev.merlon.actors.report;

import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.header;
import static j2html.TagCreator.join;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.LineChart;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.measure.MeasureBasis;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The page of several runs side by side; differences are to the first of them. */
final class ComparisonPage {
  // Longer ones fill a phone's screen.
  private static final int LONGEST_HEADING = 72;

  private final List<RunRecord> runs;
  private final List<String> names;
  private final List<RunStyle> styles;
  private final ComparisonFigures figures;
  private final FinalFigures results;
  private final List<String> warnings;
  private final List<Figure> drawn = new ArrayList<>();

  ComparisonPage(List<RunRecord> runs) {
    requireSameImages(runs);
    this.runs = List.copyOf(runs);
    this.names = names(runs);
    this.styles = RunStyle.of(names);
    this.figures = new ComparisonFigures(runs, styles);
    this.results = new FinalFigures(runs);
    this.warnings = results.warnings(names);
  }

  /** The page and the figures on it. */
  Report report() {
    List<DomContent> sections = new ArrayList<>();
    sections.add(results());
    seeds().ifPresent(sections::add);
    sections.add(
        Blocks.part(
            "Training",
            "Means over an epoch's training images at the epoch's own radius.",
            List.of(Blocks.figures(keep(figures.training())))));
    sections.addAll(measured());
    new WorstCasePart(runs, styles.stream().map(RunStyle::label).toList())
        .section(drawn)
        .ifPresent(sections::add);
    sections.add(differences());
    return new Report(
        PageFrame.of(heading() + " · Merlon report", top(), sections), drawn, warnings);
  }

  private DomContent top() {
    return header(
        p("Merlon comparison of runs").withClass("brand"),
        h1(heading()),
        each(
            IntStream.range(0, runs.size()).boxed().toList(),
            i ->
                p(
                    styles.get(i).key(),
                    join(
                        names.get(i) + ": ",
                        span(new RunText(runs.get(i)).sentence()).withClass("lead")))),
        each(
            IntStream.range(0, runs.size()).boxed().toList(),
            i -> each(runs.get(i).notes(), note -> Blocks.alert(names.get(i) + ": " + note))),
        each(warnings, Blocks::alert));
  }

  private String heading() {
    String all = String.join(" · ", names);
    return all.length() <= LONGEST_HEADING ? all : runs.size() + " runs";
  }

  private DomContent results() {
    return Blocks.part(
        "Final figures",
        "Shares of the test images that each run was certified on, for its last model; in brackets"
            + " the difference to "
            + names.get(0)
            + " in percentage points, on the images that both were certified on.",
        List.of(Blocks.rows(heads(), results.rows())));
  }

  private Optional<DomContent> seeds() {
    SeedGroups seeds = new SeedGroups(runs, names);
    if (seeds.groups().isEmpty()) {
      return Optional.empty();
    }
    List<String> heads = new ArrayList<>();
    heads.add("");
    seeds.groups().forEach(group -> heads.add(group.name()));
    return Optional.of(
        Blocks.part(
            "Over seeds",
            "Mean and sample deviation, in percentage points, over runs whose settings are equal"
                + " but for the seed.",
            List.of(Blocks.rows(heads, seeds.rows()))));
  }

  private List<DomContent> measured() {
    String heading = "Accuracy and tightness per epoch";
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).measured().isEmpty()) {
        String command = new RunText(runs.get(i)).measure();
        return List.of(
            Blocks.part(
                heading,
                "",
                List.of(
                    Blocks.absent(names.get(i) + " has no measures of its models yet:", command))));
      }
    }
    Set<MeasureBasis> bases =
        runs.stream().flatMap(run -> run.basis().stream()).collect(Collectors.toSet());
    if (bases.size() > 1) {
      return List.of(
          Blocks.part(
              heading,
              "",
              List.of(
                  Blocks.alert(
                      "The runs were measured on different samples or with different attacks, so"
                          + " that their curves cannot be compared; report them with --data and"
                          + " the same --images."))));
    }
    List<DomContent> parts = new ArrayList<>();
    String note = new RunText(runs.get(0)).basisNote();
    for (ThreatSpec threat : threats()) {
      List<LineChart> charts = new ArrayList<>(figures.under(threat));
      charts.addAll(figures.unstable(threat));
      parts.add(
          Blocks.part("Per epoch under " + threat, note, List.of(Blocks.figures(keep(charts)))));
    }
    return parts;
  }

  private DomContent differences() {
    List<ConfigDifferences.Difference> differences =
        ConfigDifferences.between(runs.stream().map(RunRecord::configuration).toList());
    if (differences.isEmpty()) {
      return Blocks.part("Configuration", "The runs have the same settings.", List.of());
    }
    Map<Boolean, List<ConfigDifferences.Difference>> byEvery =
        differences.stream()
            .collect(Collectors.partitioningBy(ConfigDifferences.Difference::everywhere));
    List<DomContent> tables = new ArrayList<>();
    table(byEvery, true).ifPresent(tables::add);
    table(byEvery, false)
        .ifPresent(
            table -> {
              tables.add(h3("What not every run has"));
              tables.add(table);
            });
    return Blocks.part("Configuration", "Only the settings that differ.", tables);
  }

  private Optional<DomContent> table(
      Map<Boolean, List<ConfigDifferences.Difference>> differences, boolean everywhere) {
    List<ConfigDifferences.Difference> some = differences.getOrDefault(everywhere, List.of());
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(Blocks.rows(heads(), some.stream().map(ComparisonPage::row).toList()));
  }

  private List<String> heads() {
    List<String> heads = new ArrayList<>();
    heads.add("");
    heads.addAll(names);
    return heads;
  }

  private Set<ThreatSpec> threats() {
    Set<ThreatSpec> threats = new LinkedHashSet<>();
    runs.forEach(run -> threats.addAll(run.threats()));
    return threats;
  }

  private List<LineChart> keep(List<LineChart> charts) {
    Set<String> known = drawn.stream().map(Figure::name).collect(Collectors.toSet());
    List<LineChart> fresh = charts.stream().filter(chart -> !known.contains(chart.name())).toList();
    drawn.addAll(fresh);
    return fresh;
  }

  private static List<DomContent> row(ConfigDifferences.Difference difference) {
    List<DomContent> cells = new ArrayList<>();
    cells.add(Blocks.cell(difference.key()));
    difference.values().forEach(value -> cells.add(Blocks.cell(value.orElse("–"))));
    return cells;
  }

  // Two directories may have the same last name.
  private static List<String> names(List<RunRecord> runs) {
    List<String> names = runs.stream().map(RunRecord::name).toList();
    boolean different = names.stream().distinct().count() == names.size();
    return different ? names : runs.stream().map(run -> run.directory().toString()).toList();
  }

  private static void requireSameImages(List<RunRecord> runs) {
    RunRecord first = runs.get(0);
    for (RunRecord other : runs.subList(1, runs.size())) {
      if (first.settings().data().kind() != other.settings().data().kind()) {
        throw different(first, other, words(first) + " and " + words(other));
      }
      if (!testImages(first).equals(testImages(other))
          && first.verdicts().isPresent()
          && other.verdicts().isPresent()) {
        throw different(
            first,
            other,
            "test images " + shortened(testImages(first)) + " and " + shortened(testImages(other)));
      }
    }
  }

  private static String words(RunRecord run) {
    return new RunText(run).data();
  }

  private static String testImages(RunRecord run) {
    return run.verdicts().map(found -> found.about().data()).orElse("");
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  private static MerlonException different(RunRecord first, RunRecord other, String what) {
    return MerlonException.configuration(
        "%s and %s were not evaluated on the same images: %s"
            .formatted(first.directory(), other.directory(), what),
        "Report each by itself, or compare runs on the same data.");
  }
}
