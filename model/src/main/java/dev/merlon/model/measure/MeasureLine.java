package dev.merlon.model.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.file.LineFields;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's measure as one line of JSON. Writing and reading give the measure back, numbers
 * exactly.
 */
public final class MeasureLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MeasureLine() {}

  /** One line without its line end. */
  public static String write(ModelMeasure measure) {
    ObjectNode line = JSON.createObjectNode();
    line.put("model", measure.model());
    line.put("data", measure.basis().data());
    line.put("images", measure.basis().images());
    line.put("attack-steps", measure.basis().attackSteps());
    line.put("attack-restarts", measure.basis().attackRestarts());
    line.put("correct", measure.correct());
    ArrayNode threats = line.putArray("threats");
    measure.threats().forEach(threat -> write(threats.addObject(), threat));
    return line.toString();
  }

  /**
   * The measure of one line.
   *
   * @throws MerlonException (data) when the line is no measure
   */
  public static ModelMeasure read(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      MeasureBasis basis =
          new MeasureBasis(
              LineFields.required(node, "data").asText(),
              LineFields.required(node, "images").intValue(),
              LineFields.required(node, "attack-steps").intValue(),
              LineFields.required(node, "attack-restarts").intValue());
      List<ThreatMeasure> threats = new ArrayList<>();
      LineFields.required(node, "threats").forEach(threat -> threats.add(threat(threat)));
      return new ModelMeasure(
          LineFields.required(node, "model").asText(),
          basis,
          LineFields.required(node, "correct").intValue(),
          threats);
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      throw malformed("a measure of a model", malformed);
    }
  }

  private static void write(ObjectNode node, ThreatMeasure threat) {
    node.put("norm", threat.threat().norm());
    node.put("eps", threat.threat().eps());
    node.put("surviving", threat.surviving());
    node.put("crown-ibp", threat.crownIbp());
    node.put("ibp", threat.ibp());
    ObjectNode margins = node.putObject("margins");
    margins.put("clean", threat.margins().clean());
    margins.put("attacked", threat.margins().attacked());
    margins.put("crown-ibp", threat.margins().crownIbp());
    margins.put("ibp", threat.margins().ibp());
    ArrayNode relus = node.putArray("relus");
    for (ReluShare share : threat.relus()) {
      ObjectNode relu = relus.addObject();
      relu.put("layer", share.layer());
      relu.put("dead", share.dead());
      relu.put("unstable", share.unstable());
      relu.put("active", share.active());
    }
  }

  private static ThreatMeasure threat(JsonNode node) {
    JsonNode margins = LineFields.required(node, "margins");
    List<ReluShare> relus = new ArrayList<>();
    LineFields.required(node, "relus").forEach(relu -> relus.add(relu(relu)));
    return new ThreatMeasure(
        threatOf(node),
        LineFields.required(node, "surviving").intValue(),
        LineFields.required(node, "crown-ibp").intValue(),
        LineFields.required(node, "ibp").intValue(),
        new MarginMeans(
            LineFields.required(margins, "clean").doubleValue(),
            LineFields.required(margins, "attacked").doubleValue(),
            LineFields.required(margins, "crown-ibp").doubleValue(),
            LineFields.required(margins, "ibp").doubleValue()),
        relus);
  }

  private static ReluShare relu(JsonNode node) {
    return new ReluShare(
        LineFields.required(node, "layer").asText(),
        LineFields.required(node, "dead").doubleValue(),
        LineFields.required(node, "unstable").doubleValue(),
        LineFields.required(node, "active").doubleValue());
  }

  /** A perturbation's norm and radius. */
  static ThreatSpec threatOf(JsonNode node) {
    return new ThreatSpec(
        LineFields.required(node, "norm").asText(), LineFields.required(node, "eps").doubleValue());
  }

  /** The failure of a line that is not what it should be. */
  static MerlonException malformed(String what, Exception malformed) {
    return new MerlonException(
        new Failure.Data(
            "Not " + what + " (" + FirstLine.of(malformed) + ")",
            "Delete the file; a report with --data measures again."),
        malformed);
  }
}
