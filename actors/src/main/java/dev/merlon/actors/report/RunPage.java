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
import dev.merlon.actors.report.chart.ShareAreas;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.ThreatSummary;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The page of one run. */
final class RunPage {
  private static final int MISTAKES = 10;

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
    sections.add(accuracies());
    run.threats().forEach(threat -> relus(threat).ifPresent(sections::add));
    sections.add(new SamplePart(run, drawn).section());
    sections.add(confusion());
    sections.add(configuration());
    return new Report(PageFrame.of(run.name() + " · Merlon report", top(), sections), drawn);
  }

  private DomContent top() {
    return header(
        p("Merlon run report").withClass("brand"),
        h1(run.name()),
        p(text.sentence()).withClass("lead"),
        each(text.choice().stream().toList(), words -> p(words).withClass("lead")),
        each(run.notes(), Blocks::alert),
        tiles(),
        Blocks.facts(text.provenance()));
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
            figures.speed());
    return Blocks.part(
        "Training",
        text.trainingNote(),
        List.of(
            Blocks.figures(charts.stream().filter(LineChart::drawable).map(this::keep).toList())));
  }

  private DomContent accuracies() {
    String heading = "Accuracy and tightness per epoch and norm";
    String explanation =
        "Models after epochs on test images: natural, under attack, proved by bounds. The gap is"
            + " the smallest margin that the attack reached minus the bound below it, mean over"
            + " the images; the truth lies between, so 0 is a tight bound. ";
    if (run.measured().isEmpty()) {
      return Blocks.part(heading, explanation, List.of(notMeasured()));
    }
    List<LineChart> charts = new ArrayList<>();
    for (ThreatSpec threat : run.threats()) {
      charts.add(figures.accuracy(threat));
      charts.add(figures.tightness(threat));
    }
    return Blocks.part(
        heading,
        explanation + text.basisNote(),
        List.of(
            Blocks.figures(charts.stream().filter(LineChart::drawable).map(this::keep).toList())));
  }

  private Optional<DomContent> relus(ThreatSpec threat) {
    String heading = "ReLU states under " + threat;
    String explanation =
        "Share of neurons whose input, over the box around an image, stays above 0 (active),"
            + " crosses 0 (unstable: bounds lose here) or stays below (dead). ";
    if (run.measured().isEmpty()) {
      boolean first = threat.equals(run.threats().get(0));
      return first
          ? Optional.of(Blocks.part("ReLU states", explanation, List.of(notMeasured())))
          : Optional.empty();
    }
    List<ShareAreas> areas = figures.relus(threat);
    return areas.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Blocks.part(
                heading,
                explanation + text.basisNote(),
                List.of(Blocks.figures(areas.stream().map(this::keep).toList()))));
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

  private DomContent notMeasured() {
    return Blocks.absent("It takes the run's models and test images:", text.measure());
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
