package dev.merlon.config;

/**
 * Running statistics of batch norm.
 *
 * @param momentum weight of the newest batch, in {@code (0, 1]}
 * @param precise whether they are estimated anew over the whole training set after every epoch, as
 *     plain averages over its batches (methods: precise batch norm)
 */
public record BatchNormSettings(double momentum, boolean precise) {

  public BatchNormSettings {
    Check.positive("momentum", momentum);
    Check.within("momentum", momentum, 0, 1);
  }

  static BatchNormSettings read(SettingsReader reader) {
    return new BatchNormSettings(reader.decimal("momentum"), reader.flag("precise"));
  }

  void write(SettingsWriter writer) {
    writer.decimal("momentum", momentum);
    writer.flag("precise", precise);
  }
}
