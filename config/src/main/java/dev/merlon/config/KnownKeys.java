package dev.merlon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.SettingsReader;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The keys that there are; others are refused with what was most likely meant. */
final class KnownKeys {
  private final Config reference;
  private final Set<String> names;

  /**
   * The keys of the defaults.
   *
   * @param reference every key with its default, resolved
   */
  KnownKeys(Config reference) {
    this.reference = reference;
    this.names = names(reference);
  }

  /**
   * Refuses a value where a section belongs: defaults refer into sections and could not be
   * resolved.
   *
   * @param written not resolved yet
   * @throws MerlonException (configuration)
   */
  void requireSections(Config written) {
    for (Map.Entry<String, ConfigValue> entry : reference.root().entrySet()) {
      ConfigValue value = written.root().get(entry.getKey());
      boolean section = entry.getValue().valueType() == ConfigValueType.OBJECT;
      if (section && value != null && isScalar(value)) {
        throw unknown(entry.getKey(), value);
      }
    }
  }

  /**
   * Refuses keys that there are not.
   *
   * @throws MerlonException (configuration)
   */
  void require(Config resolved) {
    for (String key : names(resolved)) {
      if (!names.contains(key)) {
        throw unknown(key, resolved.getValue(key));
      }
    }
  }

  /** Their full names. */
  Set<String> names() {
    return Set.copyOf(names);
  }

  // What a substitution stands for is not known yet.
  private static boolean isScalar(ConfigValue value) {
    try {
      return value.valueType() != ConfigValueType.OBJECT;
    } catch (ConfigException.NotResolved later) {
      return false;
    }
  }

  private MerlonException unknown(String key, ConfigValue value) {
    return MerlonException.configuration(
        "Unknown key " + key + " (" + SettingsReader.placeOf(value) + ")", adviceFor(key));
  }

  private String adviceFor(String key) {
    if (names.stream().anyMatch(other -> other.startsWith(key + "."))) {
      return key + " is a section: set one of its keys.";
    }
    return MeantKey.of(key, names)
        .map(meant -> "Did you mean " + meant + "?")
        .orElse("docs/configuration.md describes every key.");
  }

  private static Set<String> names(Config resolved) {
    return resolved.entrySet().stream()
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
