package dev.merlon.config.objective;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Bound alignment of CURE: the KL divergence from the bounds of the harder norm {@code q} to those
 * of the others, over the samples that are certified under {@code q}.
 *
 * @param weight {@code eta}; 0 = off
 * @param lower the name of {@code q}: the norm for which training against it alone certifies less
 */
public record AlignmentSettings(double weight, String lower) {
  /** Checks the values. */
  public AlignmentSettings {
    Check.atLeast("weight", weight, 0.0);
    KnownNorm.named("lower", lower);
  }

  static AlignmentSettings read(SettingsReader reader) {
    return new AlignmentSettings(reader.decimal("weight"), reader.text("lower"));
  }

  void write(SettingsWriter writer) {
    writer.decimal("weight", weight);
    writer.text("lower", lower);
  }
}
