package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import dev.merlon.model.verify.verdict.VerdictSink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the verdicts of one or several certifications are written, and those that were there
 * before. Owns that place. Thread-safe.
 */
public final class VerdictLog implements AutoCloseable {
  private final Optional<VerdictSink> sink;
  private final Map<Known, Verdict> earlier = new HashMap<>();

  /**
   * What verdicts are about, beside their property.
   *
   * @param model SHA-256 of the model's file; a word where it could not be read
   * @param data digest of the data that the input is of
   * @param use what is done around the file's graph
   */
  record About(String model, String data, ModelUse use) {
    // Lines of earlier versions say less than the origin beside their file.
    static About of(VerdictFile.Line line, VerdictOrigin origin) {
      return line.model().isEmpty()
          ? new About(origin.model(), origin.data(), origin.use())
          : new About(
              line.model(), line.data().isEmpty() ? origin.data() : line.data(), line.use());
    }
  }

  private record Known(About about, Property property) {}

  private VerdictLog(Optional<VerdictSink> sink) {
    this.sink = sink;
  }

  /**
   * Opens the place.
   *
   * @param results empty = verdicts are written nowhere
   * @param origin what all verdicts there are about
   * @param notes told what a person should know about what is there
   * @throws dev.merlon.config.failure.MerlonException when it cannot be used
   */
  public static VerdictLog open(
      Optional<Results> results, VerdictOrigin origin, Consumer<String> notes) {
    VerdictLog log = new VerdictLog(results.map(place -> place.open(origin, notes)));
    // The last verdict about a property counts: a retried one has several.
    log.sink.ifPresent(
        opened ->
            opened
                .earlierLines()
                .forEach(
                    line ->
                        log.earlier.put(
                            new Known(About.of(line, origin), line.verdict().property()),
                            line.verdict())));
    return log;
  }

  /** The verdict that was there when the log was opened. */
  synchronized Optional<Verdict> earlier(About about, Property property) {
    return Optional.ofNullable(earlier.get(new Known(about, property)));
  }

  /** Writes verdicts. */
  synchronized void append(About about, List<Verdict> verdicts) {
    sink.ifPresent(
        opened ->
            opened.append(
                verdicts.stream()
                    .map(
                        verdict ->
                            new VerdictFile.Line(verdict, about.model(), about.data(), about.use()))
                    .toList()));
  }

  @Override
  public synchronized void close() {
    sink.ifPresent(VerdictSink::close);
  }
}
