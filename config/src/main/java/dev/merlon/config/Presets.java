package dev.merlon.config;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The experiments that come with Merlon, one HOCON file each. */
public final class Presets {
  private static final String FOLDER = "presets/";

  private Presets() {}

  /**
   * One experiment.
   *
   * @param description what it trains, one line
   * @param source the paper, table or code its numbers come from
   */
  public record Preset(String name, String description, String source) {}

  /** All presets, in the order of the index. */
  public static List<Preset> list() {
    return names().stream().map(Presets::describe).toList();
  }

  /**
   * The settings of a preset as they are.
   *
   * @throws MerlonException a {@link Failure.Configuration} for an unknown name
   */
  public static RunSettings load(String name) {
    return Settings.load(name, List.of());
  }

  static List<String> names() {
    try (InputStream index = Presets.class.getClassLoader().getResourceAsStream(FOLDER + "index")) {
      if (index == null) {
        throw new IllegalStateException("the index of presets is not on the class path");
      }
      return new String(index.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static Config source(String name) {
    List<String> names = names();
    if (!names.contains(name)) {
      String meant =
          DidYouMean.closest(name, names).map(near -> "Did you mean " + near + "? ").orElse("");
      throw new MerlonException(
          new Failure.Configuration(
              "Unknown preset '" + name + "'", meant + "`merlon presets` lists them."));
    }
    return Settings.resource(FOLDER + name + ".conf");
  }

  private static Preset describe(String name) {
    Config preset = source(name);
    return new Preset(name, preset.getString("description"), preset.getString("source"));
  }
}
