package dev.merlon.config.data;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.InvalidSetting;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Which images.
 *
 * @param trainLimit only the first so many training images; 0 = all
 * @param testLimit only the first so many test images; 0 = all
 * @param validation training images held back for the choice of a model
 * @param test training images held back for the test, where the data set has no test part
 * @param crop side of the square that the network sees; 0 = whole images
 * @param augment random changes of training images
 * @param demoSeed what the embedded data set is drawn from
 */
public record DataSettings(
    DataKind kind,
    int trainLimit,
    int testLimit,
    HeldOut validation,
    HeldOut test,
    int crop,
    AugmentSettings augment,
    long demoSeed) {

  /** Checks the values. */
  public DataSettings {
    Check.atLeast("train-limit", trainLimit, 0);
    Check.atLeast("test-limit", testLimit, 0);
    Check.within("crop", crop, 0, 65_536);
  }

  /** Reads a section of these settings. */
  public static DataSettings read(SettingsReader reader) {
    return new DataSettings(
        reader.choice("kind", DataKind.class),
        reader.integer("train-limit"),
        reader.integer("test-limit"),
        held(reader, "validation"),
        held(reader, "test"),
        reader.integer("crop"),
        reader.section("augment", AugmentSettings::read),
        reader.whole("demo-seed"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.choice("kind", kind);
    writer.whole("train-limit", trainLimit);
    writer.whole("test-limit", testLimit);
    writer.decimal("validation", validation.amount());
    writer.decimal("test", test.amount());
    writer.whole("crop", crop);
    writer.section("augment", augment::write);
    writer.whole("demo-seed", demoSeed);
  }

  private static HeldOut held(SettingsReader reader, String key) {
    double amount = reader.decimal(key);
    try {
      return new HeldOut(amount);
    } catch (InvalidSetting invalid) {
      throw new InvalidSetting(key, invalid.problem());
    }
  }
}
