package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.LayerSettings;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.config.network.NetworkSettings.Layers;
import dev.merlon.config.network.NetworkSettings.Preset;
import dev.merlon.model.network.operation.Normalize;
import java.util.List;
import java.util.Locale;

/**
 * Networks as settings describe them: the literature's on certified training and verification
 * (CTBench's {@code cnn_3layer}, {@code cnn_5layer}, {@code cnn_7layer}; the residual networks of
 * alpha,beta-CROWN and of Shi et al. 2021), a small fully connected one, and lists of layers.
 */
public final class Architectures {
  private Architectures() {}

  /**
   * Builds a network.
   *
   * @param settings its layers and normalisation
   * @param momentum of batch normalisation
   * @param input shape of one sample, {@code (C, H, W)}
   * @param classes number of logits
   * @throws MerlonException (configuration) in one line that names the layer, when one does not fit
   */
  public static Network build(NetworkSettings settings, double momentum, Shape input, int classes) {
    Network.Builder builder = Network.builder(input);
    if (!settings.mean().isEmpty()) {
      requireChannels(settings, input);
      builder.append("normalize", new Normalize(settings.mean(), settings.std()));
    }
    NetworkAssembly assembly = new NetworkAssembly(builder, momentum, classes);
    String list;
    List<LayerSettings> layers;
    if (settings.architecture() instanceof Preset preset) {
      list = settings.name();
      layers = PresetLayers.of(preset, input);
    } else {
      list = "network.layers";
      layers = ((Layers) settings.architecture()).layers();
    }
    assembly.append(layers, list);
    return assembly.finish(list);
  }

  private static void requireChannels(NetworkSettings settings, Shape input) {
    if (settings.mean().size() != input.get(0)) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "network.mean and network.std have %s but the images have %d",
              settings.mean().size() == 1
                  ? "a value for 1 channel"
                  : "values for " + settings.mean().size() + " channels",
              input.get(0)),
          "Give one value per channel, or none: --set network.mean=[] --set network.std=[].");
    }
  }
}
