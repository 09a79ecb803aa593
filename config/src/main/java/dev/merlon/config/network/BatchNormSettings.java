package dev.merlon.config.network;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Running statistics of batch norm.
 *
 * @param momentum weight of the newest batch, in {@code (0, 1]}
 * @param precise whether they are estimated anew over the whole training set after every epoch, as
 *     plain averages over its batches
 * @param preciseImages the images they are then estimated over
 */
public record BatchNormSettings(double momentum, boolean precise, ImageForm preciseImages) {

  /** Checks the values. */
  public BatchNormSettings {
    Check.positive("momentum", momentum);
    Check.within("momentum", momentum, 0, 1);
  }

  /** Reads a section of these settings. */
  public static BatchNormSettings read(SettingsReader reader) {
    return new BatchNormSettings(
        reader.decimal("momentum"),
        reader.flag("precise"),
        reader.choice("precise-images", ImageForm.class));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.decimal("momentum", momentum);
    writer.flag("precise", precise);
    if (precise) {
      writer.choice("precise-images", preciseImages);
    }
  }
}
