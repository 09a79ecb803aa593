package dev.merlon.config;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * What computes a training step.
 *
 * @param threads threads inside one tensor operation; 0 = as many as the launcher was given. Equal
 *     results need equal threads
 */
public record DeviceSettings(DeviceKind kind, int threads, Precision precision) {

  /** Checks the values. */
  public DeviceSettings {
    Check.within("threads", threads, 0, 1024);
  }

  static DeviceSettings read(SettingsReader reader) {
    return new DeviceSettings(
        reader.choice("kind", DeviceKind.class),
        reader.integer("threads"),
        reader.choice("precision", Precision.class));
  }

  void write(SettingsWriter writer) {
    writer.choice("kind", kind);
    writer.whole("threads", threads);
    writer.choice("precision", precision);
  }
}
