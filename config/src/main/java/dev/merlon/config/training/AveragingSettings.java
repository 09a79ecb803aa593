package dev.merlon.config.training;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Weight averaging (Izmailov et al. 2018): the plain average of the weights at the ends of epochs.
 *
 * @param fromEpoch first epoch, counted from 1, whose final weights belong to the average; 0 = no
 *     averaging
 */
public record AveragingSettings(int fromEpoch) {

  /** Checks the values. */
  public AveragingSettings {
    Check.atLeast("from-epoch", fromEpoch, 0);
  }

  /** Whether the weights at the end of an epoch belong to the average. */
  public boolean covers(int epochFromOne) {
    return fromEpoch > 0 && epochFromOne >= fromEpoch;
  }

  /** Reads a section of these settings. */
  public static AveragingSettings read(SettingsReader reader) {
    return new AveragingSettings(reader.integer("from-epoch"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.whole("from-epoch", fromEpoch);
  }
}
