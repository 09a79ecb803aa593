package dev.merlon.actors.report;

import dev.merlon.actors.report.chart.Dash;
import dev.merlon.actors.report.chart.HeatMap;
import dev.merlon.actors.report.chart.Ink;
import dev.merlon.actors.report.chart.LineChart;
import dev.merlon.actors.report.chart.LineChart.Point;
import dev.merlon.actors.report.chart.LineChart.Series;
import dev.merlon.actors.report.chart.LineChart.Unit;
import dev.merlon.actors.report.chart.ShareAreas;
import dev.merlon.actors.report.chart.ShareBars;
import dev.merlon.actors.report.chart.SignedBars;
import dev.merlon.actors.run.MetricsRecord.Figures;
import dev.merlon.actors.run.MetricsRecord.LossParts;
import dev.merlon.actors.run.MetricsRecord.ModelScores;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.measure.ReluShare;
import dev.merlon.model.measure.ThreatMeasure;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The figures of one run. */
final class RunFigures {
  /** The parts of a whole of verdicts. */
  private static final List<ShareBars.Part> VERDICTS =
      List.of(
          new ShareBars.Part("certified", Ink.BLUE),
          new ShareBars.Part("undecided", Ink.GREY),
          new ShareBars.Part("falsified", Ink.ALERT),
          new ShareBars.Part("misclassified", Ink.ORANGE));

  private static final List<Ink> LAYERS =
      List.of(Ink.BLUE, Ink.ORANGE, Ink.GREEN, Ink.PURPLE, Ink.SKY, Ink.GREY);

  private static final List<Dash> DASHES = List.of(Dash.SOLID, Dash.DASHED, Dash.DOTTED);

  private final RunRecord run;
  private final RunCurves curves;

  RunFigures(RunRecord run) {
    this.run = run;
    this.curves = new RunCurves(run);
  }

  /** Training loss and its parts. */
  LineChart loss() {
    return new LineChart(
        "loss",
        "Training loss",
        Unit.NUMBER,
        List.of(
            new Series("loss", Ink.BLUE, Dash.SOLID, curves.epochs(Figures::loss)),
            new Series(
                "robust part",
                Ink.ORANGE,
                Dash.DASHED,
                curves.parts(parts -> OptionalDouble.of(parts.robust()))),
            new Series(
                "natural part",
                Ink.GREEN,
                Dash.DASHED,
                curves.parts(parts -> OptionalDouble.of(parts.natural()))),
            new Series(
                "regulariser",
                Ink.PURPLE,
                Dash.DOTTED,
                nonZero(parts -> OptionalDouble.of(parts.regulariser()))),
            new Series("bound alignment", Ink.GREY, Dash.DOTTED, nonZero(LossParts::alignment))));
  }

  /** The radius that was trained against. */
  LineChart radius() {
    String title = "Training radius ε (" + run.settings().schedule().norm() + ")";
    return single("epsilon", title, curves.steps(Figures::eps));
  }

  /** The optimiser's step. */
  LineChart learningRate() {
    return single("learning-rate", "Learning rate", curves.steps(Figures::learningRate));
  }

  /** The length of the gradient before clipping. */
  LineChart gradient() {
    return single(
        "gradient", "Gradient norm, before clipping", curves.epochs(Figures::gradientNorm));
  }

  /**
   * How far natural and certified updates of an epoch go the same way, by layer, where they were
   * merged. Batch norm's tensors and biases are in {@code metrics.jsonl} only.
   */
  LineChart cosines() {
    List<String> layers = curves.mergedWeights();
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Ink ink = LAYERS.get(i % LAYERS.size());
      Dash dash = DASHES.get(i / LAYERS.size() % DASHES.size());
      series.add(new Series(layers.get(i), ink, dash, curves.cosine(layers.get(i))));
    }
    String title = "Cosine of natural and certified updates, by layer";
    return new LineChart("update-cosines", title, Unit.NUMBER, series);
  }

  /** How fast training went. */
  LineChart speed() {
    return single("speed", "Training images per second", curves.epochs(Figures::imagesPerSecond));
  }

  /** Accuracies on training images. */
  LineChart trainingAccuracy() {
    return new LineChart(
        "training-accuracy",
        "Accuracy on training images",
        Unit.SHARE,
        List.of(
            new Series("natural", Ink.GREY, Dash.SOLID, curves.epochs(Figures::naturalAccuracy)),
            new Series(
                "training bound above 0",
                Ink.BLUE,
                Dash.SOLID,
                curves.epochs(Figures::certifiedAccuracy))));
  }

  /** Accuracies on the images that models were compared on. */
  LineChart selection() {
    String split = run.settings().selection().split().word();
    return new LineChart(
        "selection",
        "Accuracy on the "
            + split
            + " images"
            + run.settings().selection().threat().map(threat -> ", " + threat).orElse(""),
        Unit.SHARE,
        List.of(
            new Series(
                "natural",
                Ink.GREY,
                Dash.SOLID,
                curves.compared(scores -> OptionalDouble.of(scores.natural()))),
            new Series(
                "adversarial", Ink.ORANGE, Dash.SOLID, curves.compared(ModelScores::adversarial)),
            new Series("latent points", Ink.GREEN, Dash.SOLID, curves.compared(ModelScores::taps)),
            new Series(
                "certified",
                Ink.BLUE,
                Dash.SOLID,
                curves.compared(scores -> OptionalDouble.of(scores.certified())))));
  }

  /** Accuracies on the sample. */
  LineChart accuracy(ThreatSpec threat) {
    return new LineChart(
        "accuracy-" + slug(threat),
        "Accuracy, " + threat,
        Unit.SHARE,
        List.of(
            new Series("natural", Ink.GREY, Dash.SOLID, curves.share(m -> m.correct())),
            new Series(
                "adversarial", Ink.ORANGE, Dash.SOLID, share(threat, ThreatMeasure::surviving)),
            new Series(
                "certified, CROWN-IBP",
                Ink.BLUE,
                Dash.SOLID,
                share(threat, ThreatMeasure::crownIbp)),
            new Series("certified, IBP", Ink.SKY, Dash.DASHED, share(threat, ThreatMeasure::ibp))));
  }

  /** How far bounds are from what an attack finds. */
  LineChart tightness(ThreatSpec threat) {
    return new LineChart(
        "tightness-" + slug(threat),
        "Gap between attack and bound, " + threat,
        Unit.RATIO,
        List.of(
            new Series("IBP", Ink.SKY, Dash.DASHED, gap(threat, m -> m.margins().ibpGap())),
            new Series(
                "CROWN-IBP", Ink.BLUE, Dash.SOLID, gap(threat, m -> m.margins().crownIbpGap()))));
  }

  /** What each rectifier does, one figure per layer. */
  List<ShareAreas> relus(ThreatSpec threat) {
    List<Double> epochs = new ArrayList<>();
    List<ThreatMeasure> measures = new ArrayList<>();
    for (RunRecord.MeasuredEpoch epoch : run.measured()) {
      epoch
          .measure()
          .threat(threat)
          .ifPresent(
              measure -> {
                epochs.add((double) epoch.epoch());
                measures.add(measure);
              });
    }
    int layers = measures.isEmpty() ? 0 : measures.get(0).relus().size();
    return IntStream.range(0, layers)
        .mapToObj(layer -> relu(threat, layer, epochs, measures))
        .toList();
  }

  /** What became of the test images. */
  ShareBars verdicts(Summary summary) {
    return new ShareBars(
        "verdicts",
        "Verdicts on " + String.format(Locale.ROOT, "%,d", summary.inputs()) + " images",
        VERDICTS,
        summary.threats().stream().map(RunFigures::bar).toList());
  }

  /** Which classes are taken for which. */
  HeatMap confusion(Confusion confusion) {
    return new HeatMap("confusion", "Class (row) and prediction (column)", confusion.counts());
  }

  /** The lower bounds of one input's margins. */
  static SignedBars bounds(SampleInput input, String threat, MarginBounds margins) {
    List<SignedBars.Bar> bars = new ArrayList<>();
    for (int other = 0; other < margins.classes(); other++) {
      if (other != margins.label()) {
        bars.add(new SignedBars.Bar(Integer.toString(other), margins.against(other)));
      }
    }
    return new SignedBars(
        "bounds-" + input.index() + "-" + slug(threat),
        threat + ", image " + input.index(),
        "other class j",
        bars);
  }

  private ShareAreas relu(
      ThreatSpec threat, int layer, List<Double> epochs, List<ThreatMeasure> measures) {
    List<ReluShare> shares = measures.stream().map(measure -> measure.relus().get(layer)).toList();
    String name = shares.get(0).layer();
    return new ShareAreas(
        "relu-" + slug(threat) + "-" + name.replaceAll("[^A-Za-z0-9]+", "-"),
        "ReLU states, " + name + ", " + threat,
        epochs,
        List.of(
            layer("active", Ink.BLUE, shares, ReluShare::active),
            layer("unstable", Ink.ORANGE, shares, ReluShare::unstable),
            layer("dead", Ink.GREY, shares, ReluShare::dead)));
  }

  private static ShareAreas.Layer layer(
      String name, Ink ink, List<ReluShare> shares, ToDoubleFunction<ReluShare> part) {
    return new ShareAreas.Layer(name, ink, shares.stream().mapToDouble(part).boxed().toList());
  }

  private static LineChart single(String name, String title, List<Point> points) {
    return new LineChart(
        name, title, Unit.NUMBER, List.of(new Series(title, Ink.BLUE, Dash.SOLID, points)));
  }

  private List<Point> nonZero(Function<LossParts, OptionalDouble> part) {
    List<Point> points = curves.parts(part);
    return points.stream().anyMatch(point -> point.y() != 0) ? points : List.of();
  }

  private List<Point> share(ThreatSpec threat, ToDoubleFunction<ThreatMeasure> count) {
    return curves.under(
        threat, (model, measure) -> count.applyAsDouble(measure) / model.basis().images());
  }

  // Rounding may put an exact bound a hair above the margin that the attack reached.
  private List<Point> gap(ThreatSpec threat, ToDoubleFunction<ThreatMeasure> gap) {
    return curves.under(threat, (model, measure) -> gap.applyAsDouble(measure)).stream()
        .filter(point -> point.y() > 0)
        .toList();
  }

  private static ShareBars.Bar bar(ThreatSummary threat) {
    double all = threat.inputs();
    int undecided =
        threat.count(Kind.UNKNOWN)
            + threat.count(Kind.TIMEOUT)
            + threat.count(Kind.CONFLICT)
            + threat.pending();
    return new ShareBars.Bar(
        threat.name(),
        List.of(
            threat.count(Kind.CERTIFIED) / all,
            undecided / all,
            threat.count(Kind.FALSIFIED) / all,
            threat.count(Kind.MISCLASSIFIED) / all));
  }

  static String slug(ThreatSpec threat) {
    return slug(threat.toString());
  }

  /** A threat's name as part of a file's name. */
  private static String slug(String threat) {
    return threat.replaceAll("[:/]", "-");
  }
}
