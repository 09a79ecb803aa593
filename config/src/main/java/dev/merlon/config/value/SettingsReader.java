package dev.merlon.config.value;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads typed values of one section of a resolved configuration. Every failure is a {@link
 * Failure.Configuration} whose message names the whole key and the place it was written.
 */
public final class SettingsReader {
  private final Config config;
  private final String prefix;

  private SettingsReader(Config config, String prefix) {
    this.config = config;
    this.prefix = prefix;
  }

  /** Reads a nested section; a rule broken by its record is reported with the whole key. */
  public <T> T section(String key, Function<SettingsReader, T> read) {
    try {
      return read.apply(new SettingsReader(config, prefix + key + "."));
    } catch (InvalidSetting invalid) {
      throw new InvalidSetting(key + "." + invalid.key(), invalid.problem());
    }
  }

  /** Reads the whole configuration; a broken rule is reported with the place of its value. */
  public static <T> T read(Config config, Function<SettingsReader, T> read) {
    try {
      return read.apply(new SettingsReader(config, ""));
    } catch (InvalidSetting invalid) {
      throw new InvalidSetting(invalid.key(), invalid.problem() + place(config, invalid.key()));
    }
  }

  /** A text. */
  public String text(String key) {
    return scalar(key);
  }

  /** A whole number of 32 bits. */
  public int integer(String key) {
    try {
      return Integer.parseInt(scalar(key).strip());
    } catch (NumberFormatException notWhole) {
      throw wrongType(key, "a whole number");
    }
  }

  /** A whole number of 64 bits. */
  public long whole(String key) {
    try {
      return Long.parseLong(scalar(key).strip());
    } catch (NumberFormatException notWhole) {
      throw wrongType(key, "a whole number");
    }
  }

  /** A number, written as a decimal or as a fraction such as {@code 8/255}. */
  public double decimal(String key) {
    return Decimals.parse(scalar(key))
        .orElseThrow(() -> wrongType(key, "a number such as 0.1 or 8/255"));
  }

  /** A number or {@code infinity}. */
  public double decimalOrInfinity(String key) {
    return scalar(key).strip().equalsIgnoreCase("infinity")
        ? Double.POSITIVE_INFINITY
        : decimal(key);
  }

  /** A radius, which keeps how it was written. */
  public Radius radius(String key) {
    return Radius.parse(scalar(key))
        .orElseThrow(() -> wrongType(key, "a number such as 0.1 or 8/255"));
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    return switch (scalar(key).strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrongType(key, "true or false");
    };
  }

  /** One of the constants, written as {@link Words} says. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String word = scalar(key).strip();
    List<E> constants = List.of(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> Words.of(constant).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidSetting(
                    key,
                    "is "
                        + word
                        + DidYouMean.among(word, constants.stream().map(Words::of).toList())));
  }

  /** A time with its unit, such as {@code 30 s}. */
  public Duration duration(String key) {
    scalar(key);
    try {
      return config.getDuration(prefix + key);
    } catch (ConfigException malformed) {
      throw wrongType(key, "a time with a unit such as 30 s or 5 minutes");
    }
  }

  /** A list of numbers. */
  public List<Double> decimals(String key) {
    return texts(key).stream()
        .map(
            text ->
                Decimals.parse(text)
                    .orElseThrow(() -> wrongType(key, "a list of numbers such as [0.1307]")))
        .toList();
  }

  /** A list of whole numbers. */
  public List<Integer> integers(String key) {
    try {
      return texts(key).stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException notWhole) {
      throw wrongType(key, "a list of whole numbers such as [14, 18]");
    }
  }

  /** A list of norms with their radii, such as {@code [linf:0.1]}. */
  public List<ThreatSpec> threats(String key) {
    try {
      return texts(key).stream().map(ThreatSpec::parse).toList();
    } catch (MerlonException malformed) {
      throw new InvalidSetting(key, "is refused. " + malformed.getMessage());
    }
  }

  /** A norm with its radius, such as {@code linf:8/255}. */
  public ThreatSpec threat(String key) {
    try {
      return ThreatSpec.parse(scalar(key).strip());
    } catch (MerlonException malformed) {
      throw new InvalidSetting(key, "is refused. " + malformed.getMessage());
    }
  }

  /** A list, or one string whose parts are separated by commas. */
  public List<String> texts(String key) {
    ConfigValue value = value(key);
    Stream<String> parts =
        value instanceof ConfigList list
            ? list.stream().map(part -> part.unwrapped().toString())
            : Arrays.stream(scalar(key).split(",", -1));
    return parts.map(String::strip).filter(part -> !part.isEmpty()).toList();
  }

  /** The value as it was parsed. */
  public ConfigValue value(String key) {
    try {
      return config.getValue(prefix + key);
    } catch (ConfigException missing) {
      throw new InvalidSetting(key, "is missing");
    }
  }

  private String scalar(String key) {
    ConfigValue value = value(key);
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> config.getString(prefix + key);
      case OBJECT, LIST, NULL -> throw wrongType(key, "a single value");
    };
  }

  private InvalidSetting wrongType(String key, String expected) {
    String written = config.getValue(prefix + key).render();
    return new InvalidSetting(key, "is " + written + ": must be " + expected);
  }

  private static String place(Config config, String path) {
    if (!config.hasPath(path)) {
      return "";
    }
    return " (" + placeOf(config.getValue(path)) + ")";
  }

  /** Whose value it is: a file and its line, an override, a preset or the defaults. */
  public static String placeOf(ConfigValue value) {
    return withoutClassPath(value.origin().description());
  }

  /** A text in which places of the class path are called what they are to people. */
  public static String withoutClassPath(String text) {
    return text.replaceAll("\\S*reference\\.conf @ \\S+: \\d+", "the defaults")
        .replaceAll("presets/\\S+ @ \\S+: \\d+", "the preset");
  }
}
