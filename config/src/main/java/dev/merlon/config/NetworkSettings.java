package dev.merlon.config;

import java.util.List;

/**
 * The network that is trained.
 *
 * @param width channels of the first convolution ({@code mlp}: units of a hidden layer)
 * @param batchNorm whether every hidden affine layer is followed by batch norm
 * @param mean per channel, subtracted from the {@code [0,1]} input; empty = no normalisation
 * @param std per channel, divides the input; as many as {@code mean}, above 0
 */
public record NetworkSettings(
    NetworkPreset preset, int width, boolean batchNorm, List<Double> mean, List<Double> std) {

  public NetworkSettings {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Check.within("width", width, 1, 4096);
    Check.require(
        mean.size() == std.size(),
        "std",
        "has " + std.size() + " values but mean has " + mean.size() + ": must be as many");
    std.forEach(deviation -> Check.positive("std", deviation));
  }

  static NetworkSettings read(SettingsReader reader) {
    return new NetworkSettings(
        reader.choice("preset", NetworkPreset.class),
        reader.integer("width"),
        reader.flag("batch-norm"),
        reader.decimals("mean"),
        reader.decimals("std"));
  }

  void write(SettingsWriter writer) {
    writer.choice("preset", preset);
    writer.whole("width", width);
    writer.flag("batch-norm", batchNorm);
    writer.numbers("mean", mean);
    writer.numbers("std", std);
  }
}
