package dev.merlon.config;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.time.Duration;

/**
 * When training is saved, besides at its end and when it is interrupted.
 *
 * @param every time between two checkpoints; zero = never by time
 * @param everySteps steps between two checkpoints; 0 = never by steps
 * @param keep how many of the newest checkpoints stay; at least 1
 */
public record CheckpointSettings(Duration every, int everySteps, int keep) {

  /** Checks the values. */
  public CheckpointSettings {
    Check.require(
        !every.isNegative(), "every", "is " + every.toMillis() + " ms: must not be negative");
    Check.atLeast("every-steps", everySteps, 0);
    Check.within("keep", keep, 1, 1_000_000);
  }

  static CheckpointSettings read(SettingsReader reader) {
    return new CheckpointSettings(
        reader.duration("every"), reader.integer("every-steps"), reader.integer("keep"));
  }

  void write(SettingsWriter writer) {
    writer.duration("every", every);
    writer.whole("every-steps", everySteps);
    writer.whole("keep", keep);
  }
}
