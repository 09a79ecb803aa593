package dev.merlon.model.verify.cases;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The failures of files of cases, and their JSON. */
final class CaseProblem {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
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
    return Unreadable.of(file, "Check that the file exists and may be read.", cause);
  }

  /** The object that a file holds. */
  static JsonNode json(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      JsonNode json = parsed(file, bytes);
      if (!json.isObject()) {
        throw of(file, "it holds no JSON object");
      }
      return json;
    } catch (IOException unreadable) {
      throw unreadable(file, unreadable);
    }
  }

  private static JsonNode parsed(Path file, byte[] bytes) throws IOException {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException malformed) {
      throw of(file, Malformed.of(malformed, bytes).sentence());
    }
  }

  /**
   * A place where a file is no JSON, in words of its own: the parser's speak of the parser.
   *
   * @param line counted from 1
   * @param text of that line
   */
  private record Malformed(JsonProcessingException problem, int line, String text) {
    private static final Pattern TWICE = Pattern.compile("Duplicate field '(.*)'");
    private static final int SHOWN = 60;

    static Malformed of(JsonProcessingException problem, byte[] bytes) {
      JsonLocation place = Optional.ofNullable(problem.getLocation()).orElse(JsonLocation.NA);
      int line = Math.max(1, place.getLineNr());
      String text =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .skip(line - 1)
              .findFirst()
              .orElse("")
              .strip();
      boolean all = text.length() <= SHOWN;
      return new Malformed(problem, line, all ? text : text.substring(0, SHOWN) + "…");
    }

    String sentence() {
      return "line " + line + ": " + what();
    }

    private String what() {
      Matcher twice = TWICE.matcher(problem.getOriginalMessage());
      if (twice.find()) {
        return "the field '" + twice.group(1) + "' is there twice";
      }
      if (problem instanceof JsonEOFException) {
        return "the file ends before its JSON is complete";
      }
      return problem instanceof MismatchedInputException
          ? "something follows the JSON object"
          : "this is no JSON: " + text;
    }
  }
}
