package dev.merlon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The presets that are rows of the papers' tables, put together from {@code papers.conf}: a family
 * (data set, radii, schedule), a method and what the row has of its own; and for each of them a
 * reduced preset.
 */
final class PaperTable {
  private static final String RESOURCE = "presets/papers.conf";
  private static final String SETTINGS = "settings";
  private static final String SMALL = "small";
  private static final String LIKE = "like";
  private static final String SHARED = "shared";

  /** What a family's rows add to the source of their method. */
  private static final String NOTE = "note";

  /** Marks a row whose preset is a file of its own, so that only the reduced one is made here. */
  private static final String FILE = "file";

  /** Nothing in the file is resolved: references are about the settings of a whole run. */
  private final ConfigObject file = Settings.resource(RESOURCE).root();

  private final Map<String, Config> presets = new LinkedHashMap<>();

  private PaperTable() {
    List<String> methods = names("methods");
    for (String family : names("families")) {
      ConfigObject rows = section(section(file, "rows"), family);
      methods.stream().filter(rows::containsKey).forEach(method -> add(family, method));
    }
  }

  /** The presets of the table by name, in its order; settings are not resolved. */
  static Map<String, Config> read() {
    return new PaperTable().presets;
  }

  private void add(String familyName, String methodName) {
    ConfigObject family = section(section(file, "families"), familyName);
    ConfigObject method = section(section(file, "methods"), methodName);
    ConfigObject row = section(section(section(file, "rows"), familyName), methodName);
    String name = text(family, "name") + "-" + methodName + "-" + text(family, "eps");
    String title = text(method, "title") + ", " + text(family, "title");
    String source =
        text(method, "source") + (family.containsKey(NOTE) ? "; " + text(family, NOTE) : "");
    boolean hasFile = row.containsKey(FILE);
    Config whole = hasFile ? Presets.file(name) : settings(family, method, row);
    if (!hasFile && !method.containsKey("small-only")) {
      presets.put(name, described(whole, "CNN7 by " + title, source));
    }
    Config reduced =
        small(row)
            .withFallback(small(method))
            .withFallback(part(section(file, SMALL), text(family, SHARED)))
            .withFallback(whole);
    presets.put(
        name + "-" + SMALL,
        described(reduced, "CNN3 in few epochs by " + title, source + "; scaled down"));
  }

  private Config settings(ConfigObject family, ConfigObject method, ConfigObject row) {
    return row.withoutKey(SMALL)
        .withoutKey(LIKE)
        .toConfig()
        .withFallback(like(row).withoutPath(SMALL))
        .withFallback(like(method).withoutPath(SMALL))
        .withFallback(part(method, SETTINGS))
        .withFallback(part(family, SETTINGS))
        .withFallback(part(section(file, SHARED), text(family, SHARED)));
  }

  private Config small(ConfigObject of) {
    return part(of, SMALL).withFallback(part(like(of).root(), SMALL));
  }

  private Config like(ConfigObject of) {
    return Optional.<ConfigValue>ofNullable(of.get(LIKE)).stream()
        .flatMap(named -> named instanceof ConfigList names ? names.stream() : Stream.of(named))
        .map(named -> section(file, named.unwrapped().toString()).toConfig())
        .reduce(ConfigFactory.empty(), (first, second) -> first.withFallback(second));
  }

  private List<String> names(String of) {
    return section(file, "order").toConfig().getStringList(of);
  }

  private static Config described(Config settings, String description, String source) {
    return ConfigFactory.parseMap(Map.of("description", description, "source", source))
        .withFallback(settings);
  }

  private static Config part(ConfigObject parent, String key) {
    return parent.get(key) instanceof ConfigObject found ? found.toConfig() : ConfigFactory.empty();
  }

  private static ConfigObject section(ConfigObject parent, String key) {
    if (parent.get(key) instanceof ConfigObject found) {
      return found;
    }
    throw new IllegalStateException(RESOURCE + " has no section " + key);
  }

  private static String text(ConfigObject parent, String key) {
    return Optional.<ConfigValue>ofNullable(parent.get(key))
        .map(value -> value.unwrapped().toString())
        .orElseThrow(() -> new IllegalStateException(RESOURCE + " lacks a " + key));
  }
}
