package dev.merlon.actors.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.run.MetricsRecord.Epoch;
import dev.merlon.actors.run.MetricsRecord.Figures;
import dev.merlon.actors.run.MetricsRecord.LossParts;
import dev.merlon.actors.run.MetricsRecord.MergedUpdates;
import dev.merlon.actors.run.MetricsRecord.ModelScores;
import dev.merlon.actors.run.MetricsRecord.Other;
import dev.merlon.actors.run.MetricsRecord.Resumed;
import dev.merlon.actors.run.MetricsRecord.Step;
import dev.merlon.actors.run.MetricsRecord.Threads;
import dev.merlon.config.SettingChange;
import dev.merlon.config.evaluation.SelectionSplit;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFields;
import dev.merlon.model.file.LineFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The form of a {@link MetricsRecord} as one line of JSON. Writing and reading give the record
 * back, numbers exactly.
 */
public final class MetricsLine {
  /** Lines of {@link RunDirectory#metrics}. */
  public static final LineFile.Format<MetricsRecord> FORMAT =
      new LineFile.Format<>(MetricsLine::write, MetricsLine::read);

  private static final ObjectMapper JSON = new ObjectMapper();

  private MetricsLine() {}

  /** One line without its line end. */
  public static String write(MetricsRecord record) {
    ObjectNode line = JSON.createObjectNode();
    if (record instanceof Step step) {
      write(line, step);
    } else if (record instanceof Epoch epoch) {
      write(line, epoch);
    } else if (record instanceof Resumed resumed) {
      write(line, resumed);
    } else if (record instanceof Other other) {
      line.put("event", other.event());
    }
    return line.toString();
  }

  /**
   * The record of one line.
   *
   * @throws MerlonException (data) if it is no line of metrics
   */
  public static MetricsRecord read(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      String event = LineFields.required(line, "event").asText();
      return switch (event) {
        case "step" -> step(line);
        case "epoch" -> epoch(line);
        case "resumed" -> resumed(line);
        default -> new Other(event);
      };
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      throw new MerlonException(
          new Failure.Data(
              "it is no line of metrics",
              "Restore the file, or delete that line to report without it."),
          malformed);
    }
  }

  private static void write(ObjectNode line, Step step) {
    Figures figures = step.figures();
    begin(line, "step", step.epoch(), step.step());
    line.put("loss", figures.loss());
    line.put("natural-loss", step.parts().natural());
    line.put("robust-loss", step.parts().robust());
    line.put("regulariser", step.parts().regulariser());
    put(line, "alignment", step.parts().alignment());
    line.put("natural-accuracy", figures.naturalAccuracy());
    line.put("certified-accuracy", figures.certifiedAccuracy());
    line.put("gradient-norm", figures.gradientNorm());
    line.put("eps", figures.eps());
    line.put("robust-weight", step.robustWeight());
    line.put("learning-rate", figures.learningRate());
    line.put("seconds", figures.seconds());
    line.put("images-per-second", figures.imagesPerSecond());
  }

  private static Step step(JsonNode line) {
    return new Step(
        count(line, "epoch"),
        LineFields.required(line, "step").longValue(),
        figures(line),
        new LossParts(
            number(line, "natural-loss"),
            number(line, "robust-loss"),
            number(line, "regulariser"),
            optional(line, "alignment")),
        number(line, "robust-weight"));
  }

  private static void write(ObjectNode line, Epoch epoch) {
    Figures figures = epoch.figures();
    begin(line, "epoch", epoch.epoch(), epoch.step());
    line.put("loss", figures.loss());
    line.put("natural-accuracy", figures.naturalAccuracy());
    line.put("certified-accuracy", figures.certifiedAccuracy());
    line.put("gradient-norm", figures.gradientNorm());
    line.put("eps", figures.eps());
    line.put("learning-rate", figures.learningRate());
    line.put("seconds", figures.seconds());
    line.put("images-per-second", figures.imagesPerSecond());
    epoch.compared().ifPresent(compared -> write(line, compared));
    epoch.merged().ifPresent(merged -> write(line, merged));
  }

  private static Epoch epoch(JsonNode line) {
    return new Epoch(
        count(line, "epoch"),
        LineFields.required(line, "step").longValue(),
        figures(line),
        Arrays.stream(SelectionSplit.values())
            .filter(split -> line.has(split.word() + "-natural-accuracy"))
            .findFirst()
            .map(split -> compared(line, split)),
        Optional.ofNullable(line.get("update-cosines")).map(cosines -> merged(line, cosines)));
  }

  private static Figures figures(JsonNode line) {
    return new Figures(
        number(line, "loss"),
        number(line, "natural-accuracy"),
        number(line, "certified-accuracy"),
        number(line, "gradient-norm"),
        number(line, "eps"),
        number(line, "learning-rate"),
        number(line, "seconds"),
        number(line, "images-per-second"));
  }

  // The figures of a comparison are named after its images, as in validation-certified-accuracy.
  private static void write(ObjectNode line, ModelScores compared) {
    String split = compared.split().word();
    line.put(split + "-natural-accuracy", compared.natural());
    put(line, split + "-adversarial-accuracy", compared.adversarial());
    put(line, split + "-taps-accuracy", compared.taps());
    line.put(split + "-certified-accuracy", compared.certified());
    line.put("best-epoch", compared.bestEpoch());
    put(line, "best-score", compared.bestScore());
  }

  private static ModelScores compared(JsonNode line, SelectionSplit split) {
    return new ModelScores(
        split,
        number(line, split.word() + "-natural-accuracy"),
        optional(line, split.word() + "-adversarial-accuracy"),
        optional(line, split.word() + "-taps-accuracy"),
        number(line, split.word() + "-certified-accuracy"),
        count(line, "best-epoch"),
        optional(line, "best-score"));
  }

  private static void write(ObjectNode line, MergedUpdates merged) {
    ObjectNode cosines = line.putObject("update-cosines");
    merged.cosines().forEach(cosines::put);
    line.put("merge-seconds", merged.seconds());
  }

  private static MergedUpdates merged(JsonNode line, JsonNode cosines) {
    Map<String, Double> byTensor = new LinkedHashMap<>();
    cosines.fieldNames().forEachRemaining(tensor -> byTensor.put(tensor, number(cosines, tensor)));
    return new MergedUpdates(byTensor, number(line, "merge-seconds"));
  }

  private static void write(ObjectNode line, Resumed resumed) {
    begin(line, "resumed", resumed.epoch(), resumed.step());
    ObjectNode changed = line.putObject("settings");
    resumed
        .settings()
        .forEach(
            change ->
                changed
                    .putObject(change.key())
                    .put("then", change.then())
                    .put("now", change.now()));
    resumed
        .threads()
        .ifPresent(
            threads ->
                line.putObject("threads").put("then", threads.then()).put("now", threads.now()));
  }

  private static Resumed resumed(JsonNode line) {
    List<SettingChange> changes = new ArrayList<>();
    LineFields.required(line, "settings")
        .properties()
        .forEach(
            change ->
                changes.add(
                    new SettingChange(
                        change.getKey(),
                        LineFields.required(change.getValue(), "then").asText(),
                        LineFields.required(change.getValue(), "now").asText())));
    return new Resumed(
        count(line, "epoch"),
        LineFields.required(line, "step").longValue(),
        changes,
        Optional.ofNullable(line.get("threads"))
            .map(threads -> new Threads(count(threads, "then"), count(threads, "now"))));
  }

  private static void begin(ObjectNode line, String event, int epoch, long step) {
    line.put("event", event).put("epoch", epoch).put("step", step);
  }

  private static void put(ObjectNode line, String field, OptionalDouble value) {
    if (value.isPresent()) {
      line.put(field, value.getAsDouble());
    }
  }

  private static OptionalDouble optional(JsonNode line, String field) {
    return line.has(field) ? OptionalDouble.of(number(line, field)) : OptionalDouble.empty();
  }

  // What is not finite is written as a text.
  private static double number(JsonNode line, String field) {
    JsonNode value = LineFields.required(line, field);
    return value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue();
  }

  private static int count(JsonNode line, String field) {
    JsonNode value = LineFields.required(line, field);
    if (!value.canConvertToInt()) {
      throw new IllegalArgumentException(field + " is no count");
    }
    return value.intValue();
  }
}
