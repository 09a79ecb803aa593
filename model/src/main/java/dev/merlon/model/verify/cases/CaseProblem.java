package dev.merlon.model.verify.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.merlon.config.Failure;
import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The failures of files of cases, and their JSON. */
final class CaseProblem {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CaseProblem() {}

  /**
   * A file is not what it should be.
   *
   * @param problem in one line
   */
  static MerlonException of(Path file, String problem) {
    return new MerlonException(
        new Failure.Data(
            file + ": " + problem, "docs/cli.md describes the form of files of cases."));
  }

  /** A file cannot be read at all. */
  static MerlonException unreadable(Path file, IOException cause) {
    return new MerlonException(
        new Failure.Data(
            file + " cannot be read: " + FileReason.of(cause),
            "Check that the file exists and may be read."),
        cause);
  }

  /** The object that a file holds. */
  static JsonNode json(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw of(file, "it holds no JSON object");
      }
      return json;
    } catch (JsonProcessingException malformed) {
      String where =
          malformed.getLocation() == null
              ? ""
              : "line " + malformed.getLocation().getLineNr() + ": ";
      throw of(file, where + malformed.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException unreadable) {
      throw unreadable(file, unreadable);
    }
  }
}
