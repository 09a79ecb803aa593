package dev.merlon.actors.report;

import dev.merlon.actors.run.MetricsLine;
import dev.merlon.actors.run.MetricsRecord;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run wrote down while it trained.
 *
 * @param steps one line now and then
 * @param epochs one line per finished epoch; at least one
 * @param torn whether the last line was cut off, as by a crash
 */
public record MetricsLog(
    List<MetricsRecord.Step> steps, List<MetricsRecord.Epoch> epochs, boolean torn) {
  private static final LineFile.Damage DAMAGE =
      LineFile.Damage.advising("Restore the file, or delete that line to report without it.");

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
    List<MetricsRecord.Step> steps = new ArrayList<>();
    List<MetricsRecord.Epoch> epochs = new ArrayList<>();
    boolean torn =
        new LineFile<>(run.metrics(), MetricsLine.FORMAT, DAMAGE)
            .each(
                record -> {
                  if (record instanceof MetricsRecord.Step step) {
                    steps.add(step);
                  } else if (record instanceof MetricsRecord.Epoch epoch) {
                    epochs.add(epoch);
                  }
                });
    if (epochs.isEmpty()) {
      throw unfinished(run);
    }
    return new MetricsLog(steps, epochs, torn);
  }

  /** The last finished epoch. */
  MetricsRecord.Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  private static MerlonException unfinished(RunDirectory run) {
    return MerlonException.configuration(
        run + " has nothing to report yet: no epoch is finished",
        "Wait for the first epoch, or resume the run.");
  }
}
