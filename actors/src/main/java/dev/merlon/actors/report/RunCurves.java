package dev.merlon.actors.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.actors.report.chart.LineChart.Point;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.measure.ModelMeasure;
import dev.merlon.model.measure.ThreatMeasure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** The figures of one run over its epochs; a curve without points was not measured. */
final class RunCurves {
  /** Points that a curve may have before neighbours are averaged. */
  static final int MOST_POINTS = 400;

  private static final String COSINES = "update-cosines";
  private static final String WEIGHT = ".weight";

  /** Epochs from which on single steps are noise. */
  private static final int LONG_RUN = 8;

  private final RunRecord run;

  RunCurves(RunRecord run) {
    this.run = run;
  }

  /** A figure of each epoch, at the epoch's end. */
  List<Point> epochs(String figure) {
    List<Point> points = new ArrayList<>();
    for (MetricsLog.Line line : run.metrics().epochs()) {
      line.figure(figure).ifPresent(value -> points.add(new Point(line.epoch(), value)));
    }
    return points;
  }

  /** The layers with weights whose natural and certified updates were merged, in order. */
  List<String> mergedWeights() {
    return run.metrics().epochs().stream()
        .map(line -> line.fields().path(COSINES))
        .filter(JsonNode::isObject)
        .findFirst()
        .map(RunCurves::weights)
        .orElse(List.of());
  }

  /** The cosine between natural and certified update of a layer's weights, by epoch. */
  List<Point> cosine(String layer) {
    List<Point> points = new ArrayList<>();
    for (MetricsLog.Line line : run.metrics().epochs()) {
      JsonNode cosine = line.fields().path(COSINES).path(layer + WEIGHT);
      if (cosine.isNumber()) {
        points.add(new Point(line.epoch(), cosine.doubleValue()));
      }
    }
    return points;
  }

  // Batch norm has weights too, but also statistics.
  private static List<String> weights(JsonNode cosines) {
    List<String> layers = new ArrayList<>();
    cosines
        .fieldNames()
        .forEachRemaining(
            tensor -> {
              String layer = tensor.replaceAll("\\.[^.]*$", "");
              if (tensor.endsWith(WEIGHT) && !cosines.has(layer + ".running_mean")) {
                layers.add(layer);
              }
            });
    return layers;
  }

  /** A figure of single steps: as they are in a short run, otherwise the mean of each epoch's. */
  List<Point> parts(String figure) {
    if (run.metrics().epochs().size() < LONG_RUN) {
      return steps(figure);
    }
    Map<Integer, List<Double>> byEpoch = new TreeMap<>();
    for (MetricsLog.Line line : run.metrics().steps()) {
      line.figure(figure)
          .ifPresent(
              value ->
                  byEpoch.computeIfAbsent(line.epoch(), epoch -> new ArrayList<>()).add(value));
    }
    List<Point> points = new ArrayList<>();
    byEpoch.forEach(
        (epoch, values) ->
            points.add(
                new Point(
                    epoch, values.stream().mapToDouble(value -> value).average().orElseThrow())));
    return points;
  }

  /** A figure of single steps, averaged where there are very many. */
  List<Point> steps(String figure) {
    List<Point> points = new ArrayList<>();
    for (MetricsLog.Line line : run.metrics().steps()) {
      line.figure(figure)
          .ifPresent(value -> points.add(new Point(line.step() / run.stepsPerEpoch(), value)));
    }
    return points.isEmpty() ? epochs(figure) : averaged(points);
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
