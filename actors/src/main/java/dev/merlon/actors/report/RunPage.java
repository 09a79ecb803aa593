package dev.merlon.actors.report;

import static j2html.TagCreator.details;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.header;
import static j2html.TagCreator.p;
import static j2html.TagCreator.pre;
import static j2html.TagCreator.summary;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.LineChart;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import dev.merlon.model.verify.verdict.Rung;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The page of one run. */
final class RunPage {
  private static final int MISTAKES = 10;
  private static final String EPOCHS =
      "Accuracies on test images: natural, under attack, proved by bounds. The gap is the smallest"
          + " margin that the attack reached minus the bound below it, mean over the images; the"
          + " truth lies between, so 0 is a tight bound. The states of the ReLUs are shares of"
          + " neurons whose input, over the box around an image, stays above 0 (active), crosses 0"
          + " (unstable: bounds lose here) or stays below (dead). ";

  private final RunRecord run;
  private final RunFigures figures;
  private final RunText text;
  private final List<Figure> drawn = new ArrayList<>();

  RunPage(RunRecord run) {
    this.run = run;
    this.figures = new RunFigures(run);
    this.text = new RunText(run);
  }

  /** The page and the figures on it. */
  Report report() {
    List<DomContent> sections = new ArrayList<>();
    sections.add(results());
    sections.add(training());
    sections.add(epochs());
    new WorstCasePart(List.of(run), List.of(run.name())).section(drawn).ifPresent(sections::add);
    sections.add(new SamplePart(run, drawn).section());
    sections.add(confusion());
    sections.add(configuration());
    return new Report(
        PageFrame.of(run.name() + " · Merlon report", top(), sections), drawn, List.of());
  }

  private DomContent top() {
    return header(
        p("Merlon run report").withClass("brand"),
        h1(run.name()),
        p(text.sentence()).withClass("lead"),
        each(text.choice().stream().toList(), words -> p(words).withClass("lead")),
        each(run.notes(), Blocks::alert),
        tiles(),
        Blocks.facts(text.provenance()),
        each(
            Stream.of(text.sessionRows()).filter(rows -> !rows.isEmpty()).toList(),
            rows ->
                Blocks.rows(List.of("session", "took", "Merlon", "command"), rows)
                    .withClass("scroll text")));
  }

  private DomContent tiles() {
    List<DomContent> tiles = new ArrayList<>();
    run.summary()
        .ifPresent(
            summary -> {
              tiles.add(Blocks.tile(Blocks.percent(summary.natural().lower()), "natural"));
              for (ThreatSummary threat : summary.threats()) {
                threat
                    .adversarial()
                    .ifPresent(
                        share ->
                            tiles.add(
                                Blocks.tile(
                                    Blocks.percent(share.lower()),
                                    "adversarial " + threat.name())));
                tiles.add(
                    Blocks.tile(
                        Blocks.percent(threat.certified().lower()), "certified " + threat.name()));
              }
              tiles.add(Blocks.tile(Blocks.percent(summary.union().lower()), "union, certified"));
            });
    return div(tiles.toArray(DomContent[]::new)).withClass("tiles");
  }

  private DomContent results() {
    Optional<Summary> summary = run.summary();
    if (summary.isEmpty()) {
      return Blocks.part(
          "Results",
          "Accuracies of the last model on the test images.",
          List.of(Blocks.absent("The run ends with a certification; go on with", text.resume())));
    }
    return Blocks.part(
        "Results",
        text.resultsNote(),
        List.of(
            Blocks.beside(
                Blocks.rows(
                    List.of("", "natural", "adversarial", "certified", "undecided"),
                    text.resultRows(summary.get())),
                Blocks.drawn(keep(figures.verdicts(summary.get())))),
            p("Decided by " + rungs(summary.get()) + ".").withClass("note")));
  }

  private DomContent training() {
    List<LineChart> charts =
        List.of(
            figures.loss(),
            figures.trainingAccuracy(),
            figures.selection(),
            figures.radius(),
            figures.learningRate(),
            figures.gradient(),
            figures.cosines(),
            figures.speed());
    return Blocks.part(
        "Training",
        text.trainingNote(),
        List.of(
            Blocks.figures(charts.stream().filter(LineChart::drawable).map(this::keep).toList())));
  }

  private DomContent epochs() {
    String heading = "Models epoch by epoch";
    if (run.measured().isEmpty()) {
      return Blocks.part(
          heading,
          EPOCHS,
          List.of(Blocks.absent("It takes the run's models and test images:", text.measure())));
    }
    List<DomContent> content = new ArrayList<>();
    for (ThreatSpec threat : run.threats()) {
      List<Figure> charts = new ArrayList<>();
      Stream.of(figures.accuracy(threat), figures.tightness(threat))
          .filter(LineChart::drawable)
          .forEach(charts::add);
      charts.addAll(figures.relus(threat));
      content.add(h3("Under " + threat));
      content.add(Blocks.figures(charts.stream().map(this::keep).toList()));
    }
    return Blocks.part(heading, EPOCHS + text.basisNote(), content);
  }

  private DomContent confusion() {
    String explanation = "What the last model takes the test images for, as they are.";
    if (run.verdicts().isEmpty()) {
      return Blocks.part(
          "Confusion",
          explanation,
          List.of(Blocks.absent("The run ends with a certification; go on with", text.resume())));
    }
    Confusion confusion = run.verdicts().get().confusion();
    return Blocks.part(
        "Confusion",
        explanation,
        List.of(
            Blocks.beside(
                Blocks.drawn(keep(figures.confusion(confusion))),
                div(
                    h3("Commonest mistakes"),
                    Blocks.rows(
                        List.of("class", "taken for", "images"),
                        confusion.worst(MISTAKES).stream().map(RunPage::mistake).toList())))));
  }

  private DomContent configuration() {
    return Blocks.part(
        "Configuration",
        "run.conf as resolved: enough to repeat the run.",
        List.of(
            details(summary("All settings"), pre(run.configuration()).withClass("columns"))
                .attr("open")));
  }

  private <F extends Figure> F keep(F figure) {
    drawn.add(figure);
    return figure;
  }

  private static List<DomContent> mistake(Confusion.Pair pair) {
    return List.of(
        Blocks.cell(Integer.toString(pair.label())),
        Blocks.cell(Integer.toString(pair.predicted())),
        Blocks.cell(String.format(Locale.ROOT, "%,d", pair.count())));
  }

  private static String rungs(Summary summary) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Rung rung : Rung.values()) {
      Optional.ofNullable(summary.rungs().get(rung))
          .ifPresent(count -> counts.put(rung.word(), count));
    }
    return String.join(
        ", ",
        counts.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
            .toList());
  }
}
