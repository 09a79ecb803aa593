package dev.merlon.config.training;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * The warm-up regularisers of Shi et al. 2021, active while the radius grows and weighted by {@code
 * weight (1 - eps / epsTrain)}.
 *
 * @param weight {@code lambda0}; 0 = off
 * @param tolerance {@code t}, in {@code (0, 1]}
 * @param tightness whether the growth of box radii is penalised
 * @param relu whether unbalanced active and inactive neurons are penalised
 */
public record RegulariserSettings(
    double weight, double tolerance, boolean tightness, boolean relu) {

  /** Checks the values. */
  public RegulariserSettings {
    Check.atLeast("weight", weight, 0.0);
    Check.positive("tolerance", tolerance);
    Check.within("tolerance", tolerance, 0, 1);
  }

  /** Reads a section of these settings. */
  public static RegulariserSettings read(SettingsReader reader) {
    return new RegulariserSettings(
        reader.decimal("weight"),
        reader.decimal("tolerance"),
        reader.flag("tightness"),
        reader.flag("relu"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.decimal("weight", weight);
    writer.decimal("tolerance", tolerance);
    writer.flag("tightness", tightness);
    writer.flag("relu", relu);
  }
}
