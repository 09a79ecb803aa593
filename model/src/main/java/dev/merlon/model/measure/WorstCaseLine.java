package dev.merlon.model.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFields;
import java.util.EnumMap;
import java.util.Map;

/** A worst case as one line of JSON. Writing and reading give it back, numbers exactly. */
public final class WorstCaseLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WorstCaseLine() {}

  /** One line without its line end. What is infinite is {@code null}. */
  public static String write(WorstCase worst) {
    ObjectNode line = JSON.createObjectNode();
    line.put("model", worst.model());
    line.put("basis", worst.basis());
    line.put("data", worst.data());
    line.put("index", worst.index());
    line.put("norm", worst.threat().norm());
    line.put("eps", worst.threat().eps());
    put(line, "lower", worst.lower());
    put(line, "upper", worst.upper());
    line.put("proved", worst.proved());
    ObjectNode margins = line.putObject("approximations");
    worst.ordered().forEach((kind, margin) -> margins.put(kind.word(), margin));
    return line.toString();
  }

  /**
   * The worst case of one line.
   *
   * @throws MerlonException (data) when the line is none
   */
  public static WorstCase read(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      Map<Approximation, Double> margins = new EnumMap<>(Approximation.class);
      JsonNode given = LineFields.required(node, "approximations");
      for (Approximation kind : Approximation.values()) {
        if (given.has(kind.word())) {
          margins.put(kind, given.get(kind.word()).doubleValue());
        }
      }
      return new WorstCase(
          LineFields.required(node, "model").asText(),
          LineFields.required(node, "basis").asText(),
          LineFields.required(node, "data").asText(),
          LineFields.required(node, "index").intValue(),
          MeasureLine.threatOf(node),
          number(node, "lower", Double.NEGATIVE_INFINITY),
          number(node, "upper", Double.POSITIVE_INFINITY),
          LineFields.required(node, "proved").booleanValue(),
          margins);
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      throw MeasureLine.malformed("the worst case of an image", malformed);
    }
  }

  private static void put(ObjectNode line, String field, double value) {
    if (Double.isFinite(value)) {
      line.put(field, value);
    } else {
      line.putNull(field);
    }
  }

  private static double number(JsonNode node, String field, double infinite) {
    JsonNode value = LineFields.required(node, field);
    return value.isNull() ? infinite : value.doubleValue();
  }
}
