package dev.merlon.model.verify.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineChecksum;
import dev.merlon.model.file.LineFields;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A verdict as one line of JSON, the form of results files. Writing and reading give the verdict
 * back, numbers exactly.
 */
public final class VerdictLine {
  // Thresholds are exact decimals.
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Lines of results files: with the digests of model and data, and with a checksum. */
  public static final LineFile.Format<VerdictFile.Line> FORMAT =
      new LineFile.Format<>(VerdictLine::write, VerdictLine::readLine);

  /** What every line begins with. */
  static final String BEGIN = "{\"index\":";

  private VerdictLine() {}

  /** One line without its line end, with the digests of the model and the data it is about. */
  static String write(VerdictFile.Line line) {
    ObjectNode written = line(line.verdict()).put("model", line.model()).put("data", line.data());
    line.use().input().ifPresent(done -> written.put("input", done));
    line.use().threshold().ifPresent(decisive -> written.put("threshold", decisive.value()));
    return LineChecksum.added(written.toString());
  }

  /** One line without its line end. */
  public static String write(Verdict verdict) {
    return line(verdict).toString();
  }

  private static ObjectNode line(Verdict verdict) {
    Property property = verdict.property();
    ObjectNode line = JSON.createObjectNode();
    line.put("index", property.index());
    line.put("label", property.label());
    if (verdict.predicted().isPresent()) {
      line.put("predicted", verdict.predicted().getAsInt());
    } else {
      line.putNull("predicted");
    }
    property.id().ifPresent(id -> line.put("id", id));
    property.set().write(line);
    line.put("verdict", verdict.kind().word());
    verdict.outcome().reason().ifPresent(reason -> line.put("reason", reason));
    line.put("guarantee", verdict.guarantee().word());
    line.put("rung", verdict.outcome().rung().word());
    writeMargins(line, verdict.margins());
    line.put("millis", verdict.millis());
    writePoint(line, property.set(), verdict.outcome().counterexample());
    return line;
  }

  /**
   * The verdict of one line.
   *
   * @throws MerlonException (data) when the line is no verdict
   */
  public static Verdict read(String line) {
    return readLine(line).verdict();
  }

  static VerdictFile.Line readLine(String written) {
    String line = LineChecksum.verified(written);
    try {
      JsonNode json = JSON.readTree(line);
      return new VerdictFile.Line(
          verdict(json), json.path("model").asText(""), json.path("data").asText(""), use(json));
    } catch (JsonProcessingException | IllegalArgumentException | MerlonException malformed) {
      throw new MerlonException(
          new Failure.Data(
              "Not a verdict: " + shortened(line) + " (" + oneLine(malformed) + ")",
              "Results files hold one verdict per line as --out writes them."),
          malformed);
    }
  }

  private static ModelUse use(JsonNode line) {
    return new ModelUse(
        Optional.ofNullable(line.get("input")).map(JsonNode::asText),
        Optional.ofNullable(line.get("threshold")).map(JsonNode::asText).map(Threshold::parse));
  }

  private static void writeMargins(ObjectNode line, Optional<MarginBounds> margins) {
    if (margins.isEmpty()) {
      line.putNull("margins");
      return;
    }
    ArrayNode values = line.putArray("margins");
    for (int j = 0; j < margins.get().classes(); j++) {
      if (j == margins.get().label()) {
        values.addNull();
      } else {
        values.add(margins.get().against(j));
      }
    }
  }

  private static void writePoint(
      ObjectNode line, PerturbationSet set, Optional<Counterexample> counterexample) {
    if (counterexample.isEmpty()) {
      line.putNull("counterexample");
      return;
    }
    counterexample.get().adversarial().ifPresent(seen -> line.put("adversarial", seen));
    double[] parameters = counterexample.get().witness().parameters();
    if (parameters.length > 0) {
      ObjectNode named = line.putObject("parameters");
      for (int i = 0; i < parameters.length; i++) {
        named.put(set.parameters().get(i), parameters[i]);
      }
    }
    ArrayNode values = line.putArray("counterexample");
    for (float value : counterexample.get().point()) {
      values.add(value);
    }
  }

  private static Verdict verdict(JsonNode line) {
    int label = LineFields.required(line, "label").intValue();
    PerturbationSet set = PerturbationSet.read(line);
    Optional<String> id = Optional.ofNullable(line.get("id")).map(JsonNode::asText);
    JsonNode predicted = LineFields.required(line, "predicted");
    Optional<MarginBounds> margins = margins(LineFields.required(line, "margins"), label);
    return new Verdict(
        new Property(LineFields.required(line, "index").intValue(), id, label, set),
        predicted.isNull() ? OptionalInt.empty() : OptionalInt.of(predicted.intValue()),
        outcome(line, set, margins),
        margins,
        Guarantee.parse(LineFields.required(line, "guarantee").asText()),
        LineFields.required(line, "millis").doubleValue());
  }

  private static Outcome outcome(
      JsonNode line, PerturbationSet set, Optional<MarginBounds> margins) {
    String word = LineFields.required(line, "verdict").asText();
    Rung rung = Rung.parse(LineFields.required(line, "rung").asText());
    String reason = line.path("reason").asText("");
    Optional<Counterexample> point = point(line, set);
    return switch (Outcome.Kind.parse(word)) {
      case CERTIFIED ->
          Outcome.Implied.read(
              new Outcome.Certified(
                  rung, margins.orElseThrow(() -> new IllegalArgumentException("no margins"))),
              reason);
      case FALSIFIED ->
          Outcome.Implied.read(
              new Outcome.Falsified(
                  rung, point.orElseThrow(() -> new IllegalArgumentException("no counterexample"))),
              reason);
      case UNKNOWN -> new Outcome.Unknown(rung, reason);
      case TIMEOUT -> new Outcome.Timeout(rung, Optional.of(reason).filter(why -> !why.isEmpty()));
      case MISCLASSIFIED -> new Outcome.Misclassified();
      case CONFLICT -> new Outcome.Conflict(rung, reason, point);
    };
  }

  private static Optional<MarginBounds> margins(JsonNode values, int label) {
    if (values.isNull()) {
      return Optional.empty();
    }
    double[] bounds = new double[values.size()];
    Arrays.setAll(bounds, j -> values.get(j).doubleValue());
    return Optional.of(MarginBounds.of(label, bounds));
  }

  // Files written before there was a field for the class have none.
  private static Optional<Counterexample> point(JsonNode line, PerturbationSet set) {
    JsonNode values = LineFields.required(line, "counterexample");
    JsonNode adversarial = line.get("adversarial");
    if (values.isNull()) {
      return Optional.empty();
    }
    float[] point = new float[values.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = Float.parseFloat(values.get(i).asText());
    }
    Counterexample found = Counterexample.at(Candidate.of(point, parameters(line, set)));
    return Optional.of(adversarial == null ? found : found.seenAs(adversarial.intValue()));
  }

  // A point that was kept without its parameters is one that nobody can confirm again.
  private static double[] parameters(JsonNode line, PerturbationSet set) {
    JsonNode named = line.path("parameters");
    return named.isMissingNode()
        ? new double[0]
        : set.parameters().stream()
            .mapToDouble(name -> LineFields.required(named, name).doubleValue())
            .toArray();
  }

  private static String shortened(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }

  private static String oneLine(Exception malformed) {
    return FirstLine.of(malformed);
  }
}
