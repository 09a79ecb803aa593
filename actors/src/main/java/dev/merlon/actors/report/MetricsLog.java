package dev.merlon.actors.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run wrote down while it trained.
 *
 * @param steps one line now and then
 * @param epochs one line per finished epoch; at least one
 * @param torn whether the last line was cut off, as by a crash
 */
public record MetricsLog(List<Line> steps, List<Line> epochs, boolean torn) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the lists. */
  public MetricsLog {
    steps = List.copyOf(steps);
    epochs = List.copyOf(epochs);
  }

  /**
   * One line.
   *
   * @param epoch counted from 1
   * @param step updates of the run so far
   */
  public record Line(int epoch, long step, JsonNode fields) {

    /** A figure of the line, where it has one. */
    OptionalDouble figure(String name) {
      JsonNode value = fields.path(name);
      return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }
  }

  /**
   * Reads the metrics of a run.
   *
   * @throws MerlonException (configuration) if no epoch is finished yet, (data) if a line is
   *     damaged that is not the last
   */
  static MetricsLog read(RunFolder run) {
    Path file = run.metrics();
    if (!Files.isRegularFile(file)) {
      throw unfinished(run);
    }
    String text = RunFolder.text(file);
    List<String> lines = text.lines().toList();
    List<Line> steps = new ArrayList<>();
    List<Line> epochs = new ArrayList<>();
    boolean torn = !text.isEmpty() && !text.endsWith("\n");
    for (int number = 1; number <= lines.size(); number++) {
      boolean cut = torn && number == lines.size();
      Optional<Line> line = cut ? Optional.empty() : parse(file, number, lines.get(number - 1));
      line.ifPresent(read -> (isEpoch(read) ? epochs : steps).add(read));
    }
    if (epochs.isEmpty()) {
      throw unfinished(run);
    }
    return new MetricsLog(steps, epochs, torn);
  }

  /** The last finished epoch. */
  Line last() {
    return epochs.get(epochs.size() - 1);
  }

  // Lines of other events are for other readers.
  private static Optional<Line> parse(Path file, int number, String text) {
    try {
      JsonNode fields = JSON.readTree(text);
      String event = fields.path("event").asText();
      if (fields.isObject() && !event.isEmpty()) {
        boolean known = event.equals("step") || event.equals("epoch");
        if (!known) {
          return Optional.empty();
        }
        if (fields.path("epoch").canConvertToInt() && fields.path("step").canConvertToLong()) {
          return Optional.of(
              new Line(fields.path("epoch").intValue(), fields.path("step").longValue(), fields));
        }
      }
    } catch (JsonProcessingException damaged) {
      throw damaged(file, number);
    }
    throw damaged(file, number);
  }

  private static boolean isEpoch(Line line) {
    return line.fields().path("event").asText().equals("epoch");
  }

  private static MerlonException damaged(Path file, int number) {
    return new MerlonException(
        new Failure.Data(
            "Line " + number + " of " + file + " is damaged: it is no line of metrics",
            "Restore the file, or delete that line to report without it."));
  }

  private static MerlonException unfinished(RunFolder run) {
    return new MerlonException(
        new Failure.Configuration(
            run.directory() + " has nothing to report yet: no epoch is finished",
            "Wait for the first epoch, or resume the run."));
  }
}
