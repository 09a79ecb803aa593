package dev.merlon.config.network;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.Words;
import java.util.List;

/**
 * The network that is trained.
 *
 * @param architecture its layers
 * @param mean per channel, subtracted from the {@code [0,1]} input; empty = no normalisation
 * @param std per channel, divides the input; as many as {@code mean}, above 0
 */
public record NetworkSettings(Architecture architecture, List<Double> mean, List<Double> std) {

  /** What layers the network has behind its normalisation. */
  public sealed interface Architecture {}

  /**
   * One of the literature's networks.
   *
   * @param width channels of the first convolution ({@code mlp}: units of a hidden layer)
   * @param batchNorm whether every hidden affine layer is followed by batch norm
   */
  public record Preset(NetworkPreset preset, int width, boolean batchNorm) implements Architecture {
    /** Checks the values. */
    public Preset {
      Check.within("width", width, 1, 4096);
    }
  }

  /**
   * A list of layers of one's own.
   *
   * @param layers at least one
   */
  public record Layers(List<LayerSettings> layers) implements Architecture {
    /** Copies the list and checks the values. */
    public Layers {
      layers = List.copyOf(layers);
      Check.require(!layers.isEmpty(), "layers", "has no layers: must have at least one");
    }
  }

  /** Copies the lists and checks the values. */
  public NetworkSettings {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Check.require(
        mean.size() == std.size(),
        "std",
        "has " + std.size() + " values but mean has " + mean.size() + ": must be as many");
    std.forEach(deviation -> Check.positive("std", deviation));
  }

  /** One of the literature's networks. */
  public NetworkSettings(
      NetworkPreset preset, int width, boolean batchNorm, List<Double> mean, List<Double> std) {
    this(new Preset(preset, width, batchNorm), mean, std);
  }

  /** What the network is called: its preset, or {@code own layers}. */
  public String name() {
    return architecture instanceof Preset named ? Words.of(named.preset()) : "own layers";
  }

  /** Reads a section of these settings. */
  public static NetworkSettings read(SettingsReader reader) {
    List<LayerSettings> layers = LayerReader.read("layers", reader.value("layers"));
    Architecture architecture =
        layers.isEmpty()
            ? new Preset(
                reader.choice("preset", NetworkPreset.class),
                reader.integer("width"),
                reader.flag("batch-norm"))
            : new Layers(layers);
    return new NetworkSettings(architecture, reader.decimals("mean"), reader.decimals("std"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    if (architecture instanceof Preset named) {
      writer.choice("preset", named.preset());
      writer.whole("width", named.width());
      writer.flag("batch-norm", named.batchNorm());
    } else {
      writer.hocon("layers", LayerReader.render(((Layers) architecture).layers()));
    }
    writer.numbers("mean", mean);
    writer.numbers("std", std);
  }
}
