package dev.merlon.config.network;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.value.Decimals;
import dev.merlon.config.value.InvalidSetting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The values written for one layer. Whoever reads it asks for every key there is, so that {@link
 * #requireNoOthers} knows which ones nobody has asked for.
 */
final class LayerFields {
  private final Map<String, ConfigValue> values;
  private final TreeSet<String> asked = new TreeSet<>();

  LayerFields(Map<String, ConfigValue> values) {
    this.values = values;
  }

  int integer(String key) {
    return integer(key, required(key));
  }

  int integer(String key, int byDefault) {
    return value(key).map(value -> integer(key, value)).orElse(byDefault);
  }

  Size size(String key) {
    return size(key, required(key));
  }

  Size size(String key, Size byDefault) {
    return value(key).map(value -> size(key, value)).orElse(byDefault);
  }

  double decimal(String key, double byDefault) {
    Optional<ConfigValue> value = value(key);
    if (value.isEmpty()) {
      return byDefault;
    }
    OptionalDouble number = Decimals.parse(text(value.get()));
    return number.orElseThrow(() -> wrong(key, value.get(), "a number such as 0.1"));
  }

  boolean flag(String key, boolean byDefault) {
    Optional<ConfigValue> value = value(key);
    return switch (value.map(LayerFields::text).orElse(Boolean.toString(byDefault))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, value.orElseThrow(), "true or false");
    };
  }

  /** A nested list of layers, empty where there is none. */
  List<LayerSettings> layers(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof ConfigList list) {
      try {
        return LayerReader.layers(list);
      } catch (InvalidSetting invalid) {
        throw new InvalidSetting(key, invalid.key() + " " + invalid.problem());
      }
    }
    throw wrong(key, value.get(), "a list of layers");
  }

  /** Whether a word is written for a key. */
  boolean is(String key, String word) {
    return value(key).map(LayerFields::text).filter(word::equals).isPresent();
  }

  /** Refuses keys that were not asked for. */
  void requireNoOthers() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        throw new InvalidSetting(key, "is no key here" + DidYouMean.among(key, asked));
      }
    }
  }

  private Optional<ConfigValue> value(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key));
  }

  private ConfigValue required(String key) {
    return value(key).orElseThrow(() -> new InvalidSetting(key, "is missing"));
  }

  private static int integer(String key, ConfigValue value) {
    try {
      return Integer.parseInt(text(value));
    } catch (NumberFormatException notWhole) {
      throw wrong(key, value, "a whole number");
    }
  }

  private static Size size(String key, ConfigValue value) {
    if (value instanceof ConfigList list && list.size() == 2) {
      return new Size(integer(key, list.get(0)), integer(key, list.get(1)));
    }
    if (value instanceof ConfigList) {
      throw wrong(key, value, "a whole number, or height and width such as [3, 5]");
    }
    return Size.square(integer(key, value));
  }

  private static String text(ConfigValue value) {
    return String.valueOf(value.unwrapped()).strip();
  }

  private static InvalidSetting wrong(String key, ConfigValue value, String expected) {
    String written = value.render(ConfigRenderOptions.concise());
    return new InvalidSetting(key, "is " + written + ": must be " + expected);
  }
}
