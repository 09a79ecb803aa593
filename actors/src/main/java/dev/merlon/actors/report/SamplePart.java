package dev.merlon.actors.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.img;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.strong;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.SignedBars;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Verdict;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lower bounds of some inputs' margins, per norm. */
final class SamplePart {
  private static final String HEADING = "Bound differences of sample inputs";
  private static final String EXPLANATION =
      "Lower bounds of f_y − f_j for each other class j over the perturbation, the best of the"
          + " rungs that were tried. An image is certified when every bar is above 0; bars at or"
          + " below 0 are marked. The images are the first ones of each kind.";

  private final RunRecord run;
  private final List<Figure> drawn;

  /**
   * The part of a run's page.
   *
   * @param drawn receives the figures
   */
  SamplePart(RunRecord run, List<Figure> drawn) {
    this.run = run;
    this.drawn = drawn;
  }

  DomContent section() {
    List<SampleInput> samples = run.verdicts().map(RunVerdicts::samples).orElse(List.of());
    if (samples.isEmpty()) {
      return Blocks.part(
          HEADING,
          EXPLANATION,
          List.of(
              Blocks.absent(
                  "The run ends with a certification; go on with", new RunText(run).resume())));
    }
    return Blocks.part(
        HEADING,
        EXPLANATION,
        List.of(
            div(samples.stream().map(this::sample).toArray(DomContent[]::new)).withClass("grid")));
  }

  private DomContent sample(SampleInput input) {
    Optional<String> picture = run.images().map(images -> InlineImage.of(images, input.index()));
    List<SignedBars> bars = new ArrayList<>();
    input
        .verdicts()
        .forEach(
            (set, verdict) ->
                verdict
                    .margins()
                    .ifPresent(margins -> bars.add(RunFigures.bounds(input, name(set), margins))));
    drawn.addAll(bars);
    String predicted =
        input.predicted().isPresent() ? "" + input.predicted().getAsInt() : "not known";
    return div(
            div(
                    each(
                        picture.stream().toList(),
                        source -> img().withSrc(source).withAlt("test image " + input.index())),
                    div(
                        p(
                            strong("Image " + input.index()),
                            span(" · class " + input.label() + ", predicted " + predicted)),
                        p(
                            each(
                                input.verdicts().entrySet(),
                                entry -> chip(entry.getKey(), entry.getValue())))))
                .withClass("head"),
            each(bars, Blocks::drawn))
        .withClass("sample");
  }

  private static DomContent chip(PerturbationSet set, Verdict verdict) {
    String words =
        name(set) + " " + verdict.kind().word() + " (" + verdict.outcome().rung().word() + ")";
    return span(words).withClass(verdict.certified() ? "chip good" : "chip bad");
  }

  private static String name(PerturbationSet set) {
    return set.text();
  }
}
