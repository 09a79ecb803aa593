package dev.merlon.actors.report;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The settings in which runs differ. */
final class ConfigDifferences {
  private ConfigDifferences() {}

  /**
   * One setting.
   *
   * @param values one per run; empty where a run has no such key
   */
  record Difference(String key, List<Optional<String>> values) {
    /** Whether every run has such a key. */
    boolean everywhere() {
      return values.stream().allMatch(Optional::isPresent);
    }
  }

  /**
   * The keys whose values are not the same everywhere, in the order of the alphabet.
   *
   * @param configurations one HOCON document per run
   */
  static List<Difference> between(List<String> configurations) {
    List<Config> configs =
        configurations.stream().map(text -> ConfigFactory.parseString(text).resolve()).toList();
    var keys = new TreeSet<String>();
    configs.forEach(config -> config.entrySet().forEach(entry -> keys.add(entry.getKey())));
    List<Difference> differences = new ArrayList<>();
    for (String key : keys) {
      List<Optional<String>> values = configs.stream().map(config -> value(config, key)).toList();
      if (values.stream().distinct().count() > 1) {
        differences.add(new Difference(key, values));
      }
    }
    return differences;
  }

  private static Optional<String> value(Config config, String key) {
    return config.hasPath(key)
        ? Optional.of(config.getValue(key).render(ConfigRenderOptions.concise()))
        : Optional.empty();
  }
}
