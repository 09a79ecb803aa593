package dev.merlon.actors.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFile;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The commands that worked on a run, in {@code sessions.jsonl} of its directory: a line when one
 * begins to train and a line when it ends. Nothing of it is in the model or in {@code run.conf}.
 * Writes of one session; thread-safe.
 */
public final class SessionFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LineFile.Format<Event> FORMAT =
      new LineFile.Format<>(SessionFile::line, SessionFile::parse);
  private static final LineFile.Damage DAMAGE =
      LineFile.Damage.advising("Restore the file, or delete it: the sessions in it are forgotten.");

  private final RunDirectory directory;
  private final RunSession session;
  private final long startNanos = System.nanoTime();
  private final Consumer<String> notes;
  private boolean begun;
  private boolean ended;

  /**
   * The session of a command that starts now; nothing is written yet.
   *
   * @param directory of the run
   * @param command as it was typed
   * @param version of Merlon
   * @param notes told that a line could not be written; the run goes on without it
   */
  public SessionFile(
      RunDirectory directory, String command, String version, Consumer<String> notes) {
    ZoneId zone = ZoneId.systemDefault();
    OffsetDateTime now = OffsetDateTime.now(zone).truncatedTo(ChronoUnit.SECONDS);
    this.directory = directory;
    this.session = new RunSession(now, zone.getId(), version, command, Optional.empty());
    this.notes = notes;
  }

  /** One line: the start of a session, or the end of the one before it. */
  private record Event(Optional<RunSession> start, Optional<RunSession.End> end) {}

  /** Writes the start, once the run has begun. */
  public synchronized void begin() {
    if (!begun) {
      begun = true;
      add(new Event(Optional.of(session), Optional.empty()));
    }
  }

  /** Writes the end of a session that has begun; the first end counts. */
  public synchronized void end(RunSession.Outcome outcome) {
    if (begun && !ended) {
      ended = true;
      double seconds = Math.round((System.nanoTime() - startNanos) / 1e8) / 10.0;
      add(new Event(Optional.empty(), Optional.of(new RunSession.End(seconds, outcome))));
    }
  }

  /**
   * The sessions of a run, in their order; none where nothing was written down.
   *
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  public static List<RunSession> read(RunDirectory directory) {
    List<RunSession> sessions = new ArrayList<>();
    for (Event event : file(directory).read().entries()) {
      event.start().ifPresent(sessions::add);
      if (event.end().isPresent() && !sessions.isEmpty()) {
        RunSession last = sessions.remove(sessions.size() - 1);
        sessions.add(
            new RunSession(
                last.started(), last.zone(), last.version(), last.command(), event.end()));
      }
    }
    return List.copyOf(sessions);
  }

  private void add(Event event) {
    try {
      file(directory).add(event);
    } catch (MerlonException unusable) {
      notes.accept(unusable.failure().message() + "; the report will not know this session");
    }
  }

  private static LineFile<Event> file(RunDirectory directory) {
    return new LineFile<>(directory.sessions(), FORMAT, DAMAGE);
  }

  private static String line(Event event) {
    ObjectNode line = JSON.createObjectNode();
    event
        .start()
        .ifPresent(
            start ->
                line.put("event", "started")
                    .put("at", start.started().toString())
                    .put("zone", start.zone())
                    .put("version", start.version())
                    .put("command", start.command()));
    event
        .end()
        .ifPresent(
            end ->
                line.put("event", "ended")
                    .put("seconds", end.seconds())
                    .put("outcome", end.outcome().word()));
    return line.toString();
  }

  private static Event parse(String text) {
    try {
      JsonNode line = JSON.readTree(text);
      return switch (line.path("event").asText()) {
        case "started" -> new Event(Optional.of(start(line)), Optional.empty());
        case "ended" -> new Event(Optional.empty(), Optional.of(end(line)));
        default -> throw damaged();
      };
    } catch (JsonProcessingException | DateTimeException malformed) {
      throw damaged();
    }
  }

  private static RunSession start(JsonNode line) {
    return new RunSession(
        OffsetDateTime.parse(line.path("at").asText()),
        line.path("zone").asText(),
        line.path("version").asText(),
        line.path("command").asText(),
        Optional.empty());
  }

  private static RunSession.End end(JsonNode line) {
    String word = line.path("outcome").asText();
    return new RunSession.End(
        line.path("seconds").asDouble(),
        Arrays.stream(RunSession.Outcome.values())
            .filter(outcome -> outcome.word().equals(word))
            .findFirst()
            .orElseThrow(SessionFile::damaged));
  }

  private static MerlonException damaged() {
    return MerlonException.data("it is no line about a session", "Restore it, or delete the file.");
  }
}
