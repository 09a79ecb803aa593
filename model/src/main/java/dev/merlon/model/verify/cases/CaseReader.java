package dev.merlon.model.verify.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.Threshold;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads one case; every refusal names the file and the case. */
final class CaseReader {
  private static final double LONGEST_SECONDS = 1e7;

  private final Path file;
  private final JsonNode json;
  private final String id;

  /**
   * @param position from 0, for cases without an id
   */
  CaseReader(Path file, JsonNode json, int position) {
    this.file = file;
    this.json = json;
    JsonNode name = json.path("id");
    if (!name.isTextual() || name.asText().isBlank()) {
      throw CaseProblem.of(file, "case " + position + " (from 0) has no 'id'");
    }
    this.id = name.asText();
  }

  VerificationCase read() {
    return new VerificationCase(
        id,
        path("model"),
        path("inputs"),
        count("index"),
        count("label"),
        set(),
        threshold(),
        timeout());
  }

  /** This case cannot be asked. */
  MerlonException refused(String problem) {
    return CaseProblem.of(file, "case " + id + ": " + problem);
  }

  private Path path(String field) {
    JsonNode value = required(field);
    if (!value.isTextual() || value.asText().isBlank()) {
      throw refused("'" + field + "' is " + value + ", not the name of a file");
    }
    try {
      return file.resolveSibling(value.asText()).normalize();
    } catch (InvalidPathException malformed) {
      throw refused("'" + field + "' is " + value + ", not the name of a file");
    }
  }

  private int count(String field) {
    JsonNode value = required(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw refused("'" + field + "' is " + value + ", not a whole number from 0");
    }
    return value.intValue();
  }

  private PerturbationSet set() {
    JsonNode norm = required("norm");
    JsonNode eps = required("eps");
    if (!norm.isTextual() || !eps.isNumber()) {
      throw refused("'norm' and 'eps' are " + norm + " and " + eps + ", such as \"linf\" and 0.03");
    }
    String clip = required("clip").toString();
    boolean clipped = clip.matches("\\[0(\\.0)?,1(\\.0)?]");
    if (!clipped && !clip.equals("null")) {
      throw refused("'clip' is " + clip + ", neither [0,1] nor null");
    }
    try {
      ThreatSpec threat = new ThreatSpec(norm.asText(), eps.doubleValue());
      return NormBall.of(threat, clipped);
    } catch (MerlonException malformed) {
      throw refused(malformed.failure().message());
    }
  }

  private Optional<Threshold> threshold() {
    JsonNode value = json.path("threshold");
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isNumber()) {
      throw refused("'threshold' is " + value + ", not a number");
    }
    try {
      return Optional.of(Threshold.of(value.decimalValue()));
    } catch (MerlonException malformed) {
      throw refused(malformed.failure().message());
    }
  }

  private Optional<Duration> timeout() {
    JsonNode seconds = json.path("timeout");
    if (seconds.isMissingNode() || seconds.isNull()) {
      return Optional.empty();
    }
    double value = seconds.isNumber() ? seconds.doubleValue() : 0;
    if (!(value >= 1e-3 && value <= LONGEST_SECONDS)) {
      throw refused("'timeout' is " + seconds + ", not a number of seconds above 0");
    }
    return Optional.of(Duration.ofMillis(Math.round(1000 * value)));
  }

  private JsonNode required(String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      throw refused("'" + field + "' is missing");
    }
    return value;
  }
}
