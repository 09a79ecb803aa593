package dev.merlon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.InvalidSetting;
import dev.merlon.config.value.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Loads {@link RunSettings}: overrides before the preset or file, before {@code reference.conf}.
 * Environment variables and system properties have no influence.
 *
 * <p>Every method throws a {@link MerlonException} with a {@link Failure.Configuration} for
 * malformed text, an unknown key, a wrong type or a value out of range; its message names the key.
 */
public final class Settings {
  static final String REFERENCE = "dev/merlon/config/reference.conf";
  private static final Set<String> REMARKS = Set.of("description", "source");

  private Settings() {}

  /**
   * Loads a preset, or a file if {@code presetOrFile} ends in {@code .conf} or contains a slash.
   *
   * @param overrides each {@code key=value}; a list is written {@code a,b} or {@code [a,b]}
   */
  public static RunSettings load(String presetOrFile, List<String> overrides) {
    if (!presetOrFile.endsWith(".conf") && !presetOrFile.contains("/")) {
      return complete(Presets.source(presetOrFile), presetOrFile, overrides);
    }
    Path file = Path.of(presetOrFile);
    if (!Files.isRegularFile(file)) {
      throw MerlonException.configuration(
          "Configuration file " + presetOrFile + " does not exist",
          "Check the path, or name a preset; `merlon presets` lists them.");
    }
    var options = ConfigParseOptions.defaults().setAllowMissing(false).setIncluder(new Includes());
    Config written = readable(() -> ConfigFactory.parseFile(file.toFile(), options));
    return complete(written, nameOf(file), overrides);
  }

  /**
   * Reads settings from text, such as {@link RunSettings#render()} wrote.
   *
   * @param origin where the text comes from, for messages
   */
  public static RunSettings parse(String text, String origin, List<String> overrides) {
    var options = ConfigParseOptions.defaults().setOriginDescription(origin);
    return complete(readable(() -> ConfigFactory.parseString(text, options)), "run", overrides);
  }

  /** The resource under its name on the class path, parsed but not resolved. */
  static Config resource(String name) {
    var options = ConfigParseOptions.defaults().setAllowMissing(false);
    return readable(
        () -> ConfigFactory.parseResources(Settings.class.getClassLoader(), name, options));
  }

  private static RunSettings complete(Config written, String name, List<String> overrides) {
    try {
      RunSettings settings = merged(written, name, overrides);
      requireEffect(settings, overrides, without -> merged(written, name, without));
      return settings;
    } catch (InvalidSetting invalid) {
      throw shrinking(invalid, written, name, overrides);
    }
  }

  // Fewer epochs than the schedule was made for are what most people change first.
  private static MerlonException shrinking(
      InvalidSetting invalid, Config written, String name, List<String> overrides) {
    Map<Boolean, List<String>> parts =
        overrides.stream().collect(Collectors.partitioningBy(one -> keyOf(one).equals("epochs")));
    List<String> others = parts.getOrDefault(false, List.of());
    try {
      RunSettings whole = merged(written, name, others);
      int epochs = Integer.parseInt(valueIn(parts.getOrDefault(true, List.of())));
      if (epochs < 1 || epochs >= whole.epochs()) {
        return invalid;
      }
      Set<String> chosen = others.stream().map(Settings::keyOf).collect(Collectors.toSet());
      List<String> fitting = new ArrayList<>(overrides);
      fitting.addAll(ShrunkSchedule.overrides(whole, epochs, chosen));
      merged(written, name, fitting);
      return new ScheduleTooLong(
          new Failure.Configuration(
              invalid.failure().message(),
              "Shrink the schedule, which is for "
                  + whole.epochs()
                  + " epochs, with the run: "
                  + String.join(" ", fitting)),
          fitting);
    } catch (MerlonException | NumberFormatException otherwiseWrong) {
      return invalid;
    }
  }

  private static String valueIn(List<String> overrides) {
    return overrides.isEmpty()
        ? ""
        : overrides.get(overrides.size() - 1).replaceFirst("^[^=]*=", "").strip();
  }

  private static RunSettings merged(Config written, String name, List<String> overrides) {
    Config reference = resource(REFERENCE);
    Config changes = ConfigFactory.empty();
    for (String override : overrides) {
      changes = changes.withValue(keyOf(override), valueOf(override));
    }
    Config named =
        ConfigFactory.parseMap(Map.of("name", name)).withFallback(reference.withoutPath("name"));
    Config merged = changes.withFallback(written).withFallback(named);
    var known = known();
    known.requireSections(merged);
    Config resolved = readable(() -> resolve(merged));
    known.require(resolved);
    return SettingsReader.read(resolved, RunSettings::read);
  }

  /** The keys that there are. */
  static KnownKeys known() {
    return new KnownKeys(readable(() -> resolve(resource(REFERENCE))));
  }

  private static Config resolve(Config config) {
    return config.resolve(ConfigResolveOptions.noSystem());
  }

  /**
   * An override that the chosen objective never reads is a mistake, not a wish. One that only other
   * keys refer to has an effect through them.
   */
  private static void requireEffect(
      RunSettings settings, List<String> overrides, Function<List<String>, RunSettings> merged) {
    Set<String> effective = settings.keys();
    for (String override : overrides) {
      String key = keyOf(override);
      if (!effective.contains(key) && !REMARKS.contains(key)) {
        List<String> others = overrides.stream().filter(other -> !other.equals(override)).toList();
        if (merged.apply(others).equals(settings)) {
          throw MerlonException.configuration(
              key + " has no effect: " + unused(key, settings), instead(key, settings, effective));
        }
      }
    }
  }

  // cure-* has an attack and a small box for each norm, where others have one for their only norm.
  private static String instead(String key, RunSettings settings, Set<String> effective) {
    String ofNorm =
        key.replaceFirst("^objective\\.", "objective.regions." + settings.schedule().norm() + ".");
    return !ofNorm.equals(key) && effective.contains(ofNorm)
        ? "Set " + ofNorm + " (each norm has its own)."
        : "Leave it out, or change what it depends on.";
  }

  private static String unused(String key, RunSettings settings) {
    return key.startsWith("objective.")
        ? "objective " + settings.objective().kind() + " does not use it"
        : "with the other settings nothing uses it";
  }

  private static String keyOf(String override) {
    int equals = override.indexOf('=');
    try {
      if (equals > 0) {
        String key = override.substring(0, equals).strip();
        return ConfigUtil.joinPath(ConfigUtil.splitPath(key));
      }
    } catch (ConfigException malformed) {
      throw MerlonException.configuration(
          "Override '" + override + "' has a malformed key", "Write key=value.");
    }
    throw MerlonException.configuration(
        "Override '" + override + "' has no key or no '='", "Write key=value.");
  }

  private static ConfigValue valueOf(String override) {
    String value = override.substring(override.indexOf('=') + 1).strip();
    boolean list = value.startsWith("[") && value.endsWith("]");
    String bare = list ? value.substring(1, value.length() - 1) : value;
    return ConfigValueFactory.fromAnyRef(bare.replace("\"", ""), "override " + override);
  }

  private static String nameOf(Path file) {
    String base = file.toAbsolutePath().getFileName().toString().replaceFirst("\\.conf$", "");
    String name = base.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    return name.isEmpty() ? "run" : name;
  }

  private static Config readable(Supplier<Config> read) {
    try {
      return read.get();
    } catch (ConfigException malformed) {
      String message =
          SettingsReader.withoutClassPath(String.valueOf(malformed.getMessage()))
              .replaceAll("\\s*\\R\\s*", " ");
      throw new MerlonException(
          new Failure.Configuration(
              "Configuration cannot be read: " + message, "Correct the HOCON at that place."),
          malformed);
    }
  }
}
