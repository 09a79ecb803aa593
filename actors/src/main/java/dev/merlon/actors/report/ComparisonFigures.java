package dev.merlon.actors.report;

import dev.merlon.actors.report.chart.LineChart;
import dev.merlon.actors.report.chart.LineChart.Point;
import dev.merlon.actors.report.chart.LineChart.Series;
import dev.merlon.actors.report.chart.LineChart.Unit;
import dev.merlon.actors.run.MetricsRecord.Figures;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.ReluShare;
import dev.merlon.model.measure.ThreatMeasure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The figures of several runs, a line for each run. */
final class ComparisonFigures {
  private final List<RunRecord> runs;
  private final List<RunStyle> styles;

  /**
   * The figures of these runs.
   *
   * @param styles how the runs are drawn, in their order
   */
  ComparisonFigures(List<RunRecord> runs, List<RunStyle> styles) {
    this.runs = List.copyOf(runs);
    this.styles = List.copyOf(styles);
  }

  /** Figures of the training itself. */
  List<LineChart> training() {
    return drawable(
        Stream.of(
            chart("loss", "Training loss", Unit.NUMBER, run -> run.epochs(Figures::loss)),
            chart(
                "training-natural",
                "Natural accuracy on training images",
                Unit.SHARE,
                run -> run.epochs(Figures::naturalAccuracy)),
            chart(
                "training-certified",
                "Training images with their bound above 0",
                Unit.SHARE,
                run -> run.epochs(Figures::certifiedAccuracy)),
            chart("epsilon", "Training radius ε", Unit.NUMBER, run -> run.steps(Figures::eps)),
            chart(
                "learning-rate",
                "Learning rate",
                Unit.NUMBER,
                run -> run.steps(Figures::learningRate))));
  }

  /** Figures under one perturbation. */
  List<LineChart> under(ThreatSpec threat) {
    String slug = RunFigures.slug(threat);
    return drawable(
        Stream.of(
            chart("natural", "Natural accuracy", Unit.SHARE, run -> run.share(m -> m.correct())),
            share("adversarial-" + slug, "Adversarial, " + threat, threat, (m, t) -> t.surviving()),
            share(
                "certified-" + slug,
                "Certified by CROWN-IBP, " + threat,
                threat,
                (m, t) -> t.crownIbp()),
            share("ibp-" + slug, "Certified by IBP, " + threat, threat, (m, t) -> t.ibp()),
            gap("gap-" + slug, "Attack minus CROWN-IBP, " + threat, threat, true),
            gap("gap-ibp-" + slug, "Attack minus IBP, " + threat, threat, false)));
  }

  /** The share of unstable neurons, one figure per layer; none where layers differ. */
  List<LineChart> unstable(ThreatSpec threat) {
    List<List<String>> layers = runs.stream().map(run -> layers(run, threat)).distinct().toList();
    if (layers.size() != 1) {
      return List.of();
    }
    List<String> shared = layers.get(0);
    return drawable(
        IntStream.range(0, shared.size())
            .mapToObj(
                layer ->
                    chart(
                        "unstable-"
                            + RunFigures.slug(threat)
                            + "-"
                            + shared.get(layer).replaceAll("[^A-Za-z0-9]+", "-"),
                        "Unstable neurons, ReLU " + shared.get(layer),
                        Unit.SHARE,
                        run -> run.under(threat, (m, t) -> t.relus().get(layer).unstable()))));
  }

  private LineChart share(
      String name,
      String title,
      ThreatSpec threat,
      ToDoubleBiFunction<ModelMeasure, ThreatMeasure> count) {
    return chart(
        name,
        title,
        Unit.SHARE,
        run -> run.under(threat, (m, t) -> count.applyAsDouble(m, t) / m.basis().images()));
  }

  private LineChart gap(String name, String title, ThreatSpec threat, boolean crownIbp) {
    return chart(
        name,
        title,
        Unit.RATIO,
        run ->
            run
                .under(
                    threat, (m, t) -> crownIbp ? t.margins().crownIbpGap() : t.margins().ibpGap())
                .stream()
                .filter(point -> point.y() > 0)
                .toList());
  }

  private LineChart chart(
      String name, String title, Unit unit, Function<RunCurves, List<Point>> curve) {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      RunStyle style = styles.get(i);
      List<Point> points = curve.apply(new RunCurves(runs.get(i)));
      series.add(new Series(style.label(), style.ink(), style.dash(), style.marker(), points));
    }
    return new LineChart(name, title, unit, series);
  }

  private static List<String> layers(RunRecord run, ThreatSpec threat) {
    return run.measured().stream()
        .flatMap(epoch -> epoch.measure().threat(threat).stream())
        .findFirst()
        .map(measure -> measure.relus().stream().map(ReluShare::layer).toList())
        .orElse(List.of());
  }

  private static List<LineChart> drawable(Stream<LineChart> charts) {
    return charts.filter(LineChart::drawable).toList();
  }
}
