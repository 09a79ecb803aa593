package dev.merlon.config.network;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.network.LayerSettings.Plain;
import dev.merlon.config.network.LayerSettings.Sliding;
import dev.merlon.config.value.InvalidSetting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads lists of layers such as {@code [{conv {out = 16, kernel = 3}}, relu, flatten, {linear {out
 * = classes}}]}. A layer is its kind, with what is to be said about it in braces. Every failure
 * names the number and the kind of its layer.
 */
final class LayerReader {
  /** Written for as many units as there are classes. */
  static final String CLASSES = "classes";

  private static final Map<String, Function<LayerFields, LayerSettings>> KINDS = kinds();

  private LayerReader() {}

  /**
   * Reads a list.
   *
   * @throws InvalidSetting with the key given, when a layer is not understood
   */
  static List<LayerSettings> read(String key, ConfigValue value) {
    try {
      return layers(list(value));
    } catch (InvalidSetting invalid) {
      throw new InvalidSetting(key, (invalid.key() + " " + invalid.problem()).strip());
    }
  }

  /** A list of layers in HOCON, on one line. */
  static String render(List<LayerSettings> layers) {
    return layers.stream().map(LayerSettings::render).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Reads the layers of a list; failures name the layer. */
  static List<LayerSettings> layers(ConfigList list) {
    List<LayerSettings> layers = new ArrayList<>();
    for (ConfigValue value : list) {
      layers.add(layer(layers.size() + 1, value));
    }
    return List.copyOf(layers);
  }

  private static LayerSettings layer(int number, ConfigValue value) {
    Written written = Written.of(value).orElseThrow(() -> misshapen(number, value));
    Function<LayerFields, LayerSettings> kind = KINDS.get(written.kind());
    if (kind == null) {
      throw new InvalidSetting(
          "layer " + number,
          "is " + written.kind() + DidYouMean.among(written.kind(), KINDS.keySet()));
    }
    String where = "layer " + number + " (" + written.kind() + "):";
    try {
      LayerFields fields = new LayerFields(written.fields());
      LayerSettings layer = kind.apply(fields);
      fields.requireNoOthers();
      return layer;
    } catch (InvalidSetting invalid) {
      throw new InvalidSetting(where, invalid.key() + " " + invalid.problem());
    }
  }

  /** A layer as it is written: the kind alone, or an object with the kind as its only key. */
  private record Written(String kind, Map<String, ConfigValue> fields) {
    static Optional<Written> of(ConfigValue value) {
      if (value.valueType() == ConfigValueType.STRING) {
        return Optional.of(new Written(value.unwrapped().toString(), Map.of()));
      }
      if (value instanceof ConfigObject object && object.size() == 1) {
        Map.Entry<String, ConfigValue> only = object.entrySet().iterator().next();
        return only.getValue() instanceof ConfigObject fields
            ? Optional.of(new Written(only.getKey(), fields))
            : Optional.empty();
      }
      return Optional.empty();
    }
  }

  private static InvalidSetting misshapen(int number, ConfigValue value) {
    return new InvalidSetting(
        "layer " + number,
        "is "
            + value.render(com.typesafe.config.ConfigRenderOptions.concise())
            + ": must be a kind such as relu, or a kind with its values such as {conv {out = 16,"
            + " kernel = 3}}");
  }

  // What comes from the command line is text.
  private static ConfigList list(ConfigValue value) {
    if (value instanceof ConfigList list) {
      return list;
    }
    if (value.valueType() == ConfigValueType.STRING) {
      try {
        Config parsed = ConfigFactory.parseString("layers = [" + value.unwrapped() + "]");
        return parsed.getList("layers");
      } catch (ConfigException malformed) {
        throw notAList(value);
      }
    }
    throw notAList(value);
  }

  private static InvalidSetting notAList(ConfigValue value) {
    String written = value.render(com.typesafe.config.ConfigRenderOptions.concise());
    return new InvalidSetting(
        "", "is " + written + ": must be a list of layers such as [flatten, {linear {out = 10}}]");
  }

  private static Map<String, Function<LayerFields, LayerSettings>> kinds() {
    Map<String, Function<LayerFields, LayerSettings>> kinds = new LinkedHashMap<>();
    kinds.put("conv", LayerReader::conv);
    kinds.put("linear", LayerReader::linear);
    kinds.put(
        "leaky-relu",
        fields ->
            new LayerSettings.LeakyRelu(fields.decimal("slope", LayerSettings.LeakyRelu.SLOPE)));
    kinds.put("max-pool", fields -> new LayerSettings.MaxPool(windows(fields)));
    kinds.put(
        "average-pool",
        fields ->
            new LayerSettings.AveragePool(windows(fields), fields.flag("count-padding", false)));
    kinds.put(
        "residual",
        fields -> new LayerSettings.Residual(fields.layers("body"), fields.layers("shortcut")));
    Arrays.stream(Plain.values()).forEach(plain -> kinds.put(plain.kind(), fields -> plain));
    return kinds;
  }

  private static LayerSettings conv(LayerFields fields) {
    int out = fields.integer("out");
    Sliding sliding = sliding(fields, Size.square(1));
    return new LayerSettings.Conv(
        out,
        sliding,
        fields.size("dilation", Size.square(1)),
        fields.integer("groups", 1),
        fields.flag("bias", true));
  }

  private static LayerSettings linear(LayerFields fields) {
    boolean classes = fields.is("out", CLASSES);
    OptionalInt out = classes ? OptionalInt.empty() : OptionalInt.of(fields.integer("out"));
    return new LayerSettings.Linear(out, fields.flag("bias", true));
  }

  private static Sliding windows(LayerFields fields) {
    return sliding(fields, fields.size("kernel"));
  }

  private static Sliding sliding(LayerFields fields, Size usualStride) {
    return new Sliding(
        fields.size("kernel"),
        fields.size("stride", usualStride),
        fields.size("padding", Size.square(0)));
  }
}
