package dev.merlon.actors.report;

import dev.merlon.actors.run.MetricsLine;
import dev.merlon.actors.run.MetricsRecord;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run wrote down while it trained.
 *
 * @param steps one line now and then
 * @param epochs one line per finished epoch; at least one
 * @param torn whether the last line was cut off, as by a crash
 */
public record MetricsLog(
    List<MetricsRecord.Step> steps, List<MetricsRecord.Epoch> epochs, boolean torn) {
  /** Copies the lists. */
  public MetricsLog {
    steps = List.copyOf(steps);
    epochs = List.copyOf(epochs);
  }

  /**
   * Reads the metrics of a run.
   *
   * @throws MerlonException (configuration) if no epoch is finished yet, (data) if a line is
   *     damaged that is not the last
   */
  static MetricsLog read(RunDirectory run) {
    Path file = run.metrics();
    if (!Files.isRegularFile(file)) {
      throw unfinished(run);
    }
    String text = RunDirectory.text(file);
    List<String> lines = text.lines().toList();
    List<MetricsRecord.Step> steps = new ArrayList<>();
    List<MetricsRecord.Epoch> epochs = new ArrayList<>();
    boolean torn = !text.isEmpty() && !text.endsWith("\n");
    for (int number = 1; number <= lines.size() - (torn ? 1 : 0); number++) {
      Optional<MetricsRecord> record = parse(file, number, lines.get(number - 1));
      if (record.isPresent() && record.get() instanceof MetricsRecord.Step step) {
        steps.add(step);
      } else if (record.isPresent() && record.get() instanceof MetricsRecord.Epoch epoch) {
        epochs.add(epoch);
      }
    }
    if (epochs.isEmpty()) {
      throw unfinished(run);
    }
    return new MetricsLog(steps, epochs, torn);
  }

  /** The last finished epoch. */
  MetricsRecord.Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  private static Optional<MetricsRecord> parse(Path file, int number, String line) {
    try {
      return MetricsLine.read(line);
    } catch (MerlonException damaged) {
      throw new MerlonException(
          new Failure.Data(
              "Line " + number + " of " + file + " is damaged: " + damaged.failure().message(),
              damaged.failure().remedy()),
          damaged);
    }
  }

  private static MerlonException unfinished(RunDirectory run) {
    return new MerlonException(
        new Failure.Configuration(
            run + " has nothing to report yet: no epoch is finished",
            "Wait for the first epoch, or resume the run."));
  }
}
