package dev.merlon.config;

import com.typesafe.config.Config;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The experiments that come with Merlon: one HOCON file each, and those of the {@link PaperTable}.
 */
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

  /** All presets: files in the order of the index, then the rows of the papers' tables. */
  public static List<Preset> list() {
    return Sources.ALL.entrySet().stream()
        .map(preset -> describe(preset.getKey(), preset.getValue()))
        .toList();
  }

  /**
   * The settings of a preset as they are.
   *
   * @throws MerlonException a {@link Failure.Configuration} for an unknown name
   */
  public static RunSettings load(String name) {
    return Settings.load(name, List.of());
  }

  /** The names of the presets that have a file. */
  static List<String> files() {
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
    Map<String, Config> sources = Sources.ALL;
    if (!sources.containsKey(name)) {
      String meant =
          DidYouMean.closest(name, sources.keySet())
              .map(near -> "Did you mean " + near + "? ")
              .orElse("");
      boolean part = sources.keySet().stream().anyMatch(known -> known.contains(name));
      String list = part ? "`merlon presets --filter " + name + "`" : "`merlon presets`";
      throw MerlonException.configuration(
          "Unknown preset '" + name + "'", meant + list + " lists them.");
    }
    return sources.get(name);
  }

  /** The preset of this name that has a file. */
  static Config file(String name) {
    return Settings.resource(FOLDER + name + ".conf");
  }

  // Files of the class path never change: they are read once.
  private static final class Sources {
    static final Map<String, Config> ALL = read();

    private static Map<String, Config> read() {
      Map<String, Config> sources = new LinkedHashMap<>();
      files().forEach(name -> sources.put(name, file(name)));
      sources.putAll(PaperTable.read());
      return Collections.unmodifiableMap(sources);
    }
  }

  private static Preset describe(String name, Config preset) {
    return new Preset(name, preset.getString("description"), preset.getString("source"));
  }
}
