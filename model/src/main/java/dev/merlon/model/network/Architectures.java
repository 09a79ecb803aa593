package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.MerlonException;
import dev.merlon.config.NetworkSettings;
import dev.merlon.model.tensor.Convolution.Extent;

/**
 * The networks that the literature on certified training uses (CTBench's {@code cnn_3layer}, {@code
 * cnn_5layer}, {@code cnn_7layer}; Shi et al. 2021), with and without batch normalisation after
 * every hidden affine layer, and a small fully connected one.
 */
public final class Architectures {
  private Architectures() {}

  /**
   * Builds a preset.
   *
   * @param settings which one, its width and normalisation
   * @param momentum of batch normalisation
   * @param input shape of one sample, {@code (C, H, W)}
   * @param classes number of logits
   * @throws MerlonException (configuration) when the input does not fit
   */
  public static Network build(NetworkSettings settings, double momentum, Shape input, int classes) {
    Assembly assembly = new Assembly(settings, momentum, input, classes);
    if (!settings.mean().isEmpty()) {
      assembly.network.append("normalize", new Normalize(settings.mean(), settings.std()));
    }
    int width = settings.width();
    switch (settings.preset()) {
      case MLP -> mlp(assembly, width);
      case CNN3 -> cnn3(assembly, width);
      case CNN5 -> cnn5(assembly, width);
      case CNN7 -> cnn7(assembly, width);
    }
    return assembly.network.build();
  }

  private static void mlp(Assembly a, int width) {
    a.flatten();
    a.hidden(width);
    a.hidden(width);
    a.logits();
  }

  private static void cnn3(Assembly a, int width) {
    a.conv(width, 5, 2, 2);
    a.conv(2 * width, 4, 2, 1);
    a.flatten();
    a.logits();
  }

  private static void cnn5(Assembly a, int width) {
    a.conv(width, 3, 1, 1);
    a.conv(width, 4, 2, 1);
    a.conv(2 * width, 4, 2, 1);
    a.flatten();
    a.hidden(512);
    a.logits();
  }

  // On inputs of 64 by 64 and more (TinyImageNet) the fifth convolution has stride 2.
  private static void cnn7(Assembly a, int width) {
    boolean large = a.input.get(1) >= 64;
    a.conv(width, 3, 1, 1);
    a.conv(width, 3, 1, 1);
    a.conv(2 * width, 3, 2, 1);
    a.conv(2 * width, 3, 1, 1);
    a.conv(2 * width, 3, large ? 2 : 1, 1);
    a.flatten();
    a.hidden(512);
    a.logits();
  }

  /** A network being put together, with layers named by kind and number. */
  private static final class Assembly {
    private final NetworkSettings settings;
    private final double momentum;
    private final Shape input;
    private final int classes;
    private final Network.Builder network;
    private int convolutions;
    private int linears;
    private int hiddenLayers;

    Assembly(NetworkSettings settings, double momentum, Shape input, int classes) {
      this.settings = settings;
      this.momentum = momentum;
      this.input = input;
      this.classes = classes;
      this.network = Network.builder(input);
    }

    void conv(int out, int kernel, int stride, int padding) {
      int in = Math.toIntExact(network.lastShape().get(0));
      Conv2d conv =
          new Conv2d(
              in, out, Extent.square(kernel), Extent.square(stride), Extent.square(padding), true);
      network.append("conv" + ++convolutions, conv);
      activate(out);
    }

    void hidden(int out) {
      network.append("linear" + ++linears, new Linear(length(), out, true));
      activate(out);
    }

    void logits() {
      network.append("linear" + ++linears, new Linear(length(), classes, true));
    }

    void flatten() {
      network.append("flatten", new Flatten());
    }

    private void activate(int features) {
      hiddenLayers++;
      if (settings.batchNorm()) {
        network.append("bn" + hiddenLayers, new BatchNorm(features, BatchNorm.EPSILON, momentum));
      }
      network.append("relu" + hiddenLayers, new Relu());
    }

    private int length() {
      return Math.toIntExact(network.lastShape().size());
    }
  }
}
