package dev.merlon.config;

/**
 * Which images.
 *
 * @param trainLimit only the first so many training images; 0 = all
 * @param testLimit only the first so many test images; 0 = all
 * @param demoSeed what the embedded data set is drawn from
 */
public record DataSettings(DataKind kind, int trainLimit, int testLimit, long demoSeed) {

  public DataSettings {
    Check.atLeast("train-limit", trainLimit, 0);
    Check.atLeast("test-limit", testLimit, 0);
  }

  static DataSettings read(SettingsReader reader) {
    return new DataSettings(
        reader.choice("kind", DataKind.class),
        reader.integer("train-limit"),
        reader.integer("test-limit"),
        reader.whole("demo-seed"));
  }

  void write(SettingsWriter writer) {
    writer.choice("kind", kind);
    writer.whole("train-limit", trainLimit);
    writer.whole("test-limit", testLimit);
    writer.whole("demo-seed", demoSeed);
  }
}
