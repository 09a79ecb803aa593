package dev.merlon.actors.report;

import dev.merlon.actors.report.chart.LineChart.Point;
import dev.merlon.actors.run.MetricsRecord.Epoch;
import dev.merlon.actors.run.MetricsRecord.Figures;
import dev.merlon.actors.run.MetricsRecord.LossParts;
import dev.merlon.actors.run.MetricsRecord.ModelScores;
import dev.merlon.actors.run.MetricsRecord.Step;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.ThreatMeasure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** The figures of one run over its epochs; a curve without points was not measured. */
final class RunCurves {
  /** Points that a curve may have before neighbours are averaged. */
  static final int MOST_POINTS = 400;

  private static final String WEIGHT = ".weight";

  /** Epochs from which on single steps are noise. */
  private static final int LONG_RUN = 8;

  private final RunRecord run;

  RunCurves(RunRecord run) {
    this.run = run;
  }

  /** A figure of each epoch, at the epoch's end. */
  List<Point> epochs(ToDoubleFunction<Figures> figure) {
    return epochsWhere(epoch -> OptionalDouble.of(figure.applyAsDouble(epoch.figures())));
  }

  /** What each epoch's model reached on the images that models are compared on. */
  List<Point> compared(Function<ModelScores, OptionalDouble> score) {
    return epochsWhere(epoch -> epoch.compared().map(score).orElse(OptionalDouble.empty()));
  }

  private List<Point> epochsWhere(Function<Epoch, OptionalDouble> figure) {
    List<Point> points = new ArrayList<>();
    for (Epoch epoch : run.metrics().epochs()) {
      finite(figure.apply(epoch)).ifPresent(value -> points.add(new Point(epoch.epoch(), value)));
    }
    return points;
  }

  // What is not finite cannot be drawn.
  private static OptionalDouble finite(OptionalDouble value) {
    return value.isPresent() && Double.isFinite(value.getAsDouble())
        ? value
        : OptionalDouble.empty();
  }

  /** The layers with weights whose natural and certified updates were merged, in order. */
  List<String> mergedWeights() {
    return run.metrics().epochs().stream()
        .flatMap(epoch -> epoch.merged().stream())
        .findFirst()
        .map(merged -> weights(merged.cosines()))
        .orElse(List.of());
  }

  /** The cosine between natural and certified update of a layer's weights, by epoch. */
  List<Point> cosine(String layer) {
    return epochsWhere(
        epoch ->
            epoch
                .merged()
                .map(merged -> merged.cosines().get(layer + WEIGHT))
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty()));
  }

  // Batch norm has weights too, but also statistics.
  private static List<String> weights(Map<String, Double> cosines) {
    List<String> layers = new ArrayList<>();
    for (String tensor : cosines.keySet()) {
      String layer = tensor.replaceAll("\\.[^.]*$", "");
      if (tensor.endsWith(WEIGHT) && !cosines.containsKey(layer + ".running_mean")) {
        layers.add(layer);
      }
    }
    return layers;
  }

  /** A part of single steps' loss: as it is in a short run, otherwise the mean of each epoch's. */
  List<Point> parts(Function<LossParts, OptionalDouble> part) {
    if (run.metrics().epochs().size() < LONG_RUN) {
      return averaged(stepsWhere(step -> part.apply(step.parts())));
    }
    Map<Integer, List<Double>> byEpoch = new TreeMap<>();
    for (Step step : run.metrics().steps()) {
      finite(part.apply(step.parts()))
          .ifPresent(
              value ->
                  byEpoch.computeIfAbsent(step.epoch(), epoch -> new ArrayList<>()).add(value));
    }
    List<Point> points = new ArrayList<>();
    byEpoch.forEach(
        (epoch, values) ->
            points.add(
                new Point(
                    epoch, values.stream().mapToDouble(value -> value).average().orElseThrow())));
    return points;
  }

  /** A figure of single steps, averaged where there are very many; of epochs where none are. */
  List<Point> steps(ToDoubleFunction<Figures> figure) {
    List<Point> points =
        stepsWhere(step -> OptionalDouble.of(figure.applyAsDouble(step.figures())));
    return points.isEmpty() ? epochs(figure) : averaged(points);
  }

  private List<Point> stepsWhere(Function<Step, OptionalDouble> figure) {
    List<Point> points = new ArrayList<>();
    for (Step step : run.metrics().steps()) {
      finite(figure.apply(step))
          .ifPresent(value -> points.add(new Point(step.step() / run.stepsPerEpoch(), value)));
    }
    return points;
  }

  /** A share of the sample's images. */
  List<Point> share(ToDoubleFunction<ModelMeasure> count) {
    return run.measured().stream()
        .map(
            epoch ->
                new Point(
                    epoch.epoch(),
                    count.applyAsDouble(epoch.measure()) / epoch.measure().basis().images()))
        .toList();
  }

  /** A figure under one perturbation. */
  List<Point> under(ThreatSpec threat, ToDoubleBiFunction<ModelMeasure, ThreatMeasure> figure) {
    List<Point> points = new ArrayList<>();
    for (RunRecord.MeasuredEpoch epoch : run.measured()) {
      Optional<ThreatMeasure> measure = epoch.measure().threat(threat);
      measure.ifPresent(
          found ->
              points.add(new Point(epoch.epoch(), figure.applyAsDouble(epoch.measure(), found))));
    }
    return points;
  }

  static List<Point> averaged(List<Point> points) {
    int width = (points.size() - 1) / MOST_POINTS + 1;
    List<Point> means = new ArrayList<>();
    for (int from = 0; from < points.size(); from += width) {
      List<Point> few = points.subList(from, Math.min(from + width, points.size()));
      means.add(
          new Point(
              few.stream().mapToDouble(Point::x).average().orElseThrow(),
              few.stream().mapToDouble(Point::y).average().orElseThrow()));
    }
    return means;
  }
}
