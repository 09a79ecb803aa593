package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.List;

/**
 * The networks that the literature on certified training uses (CTBench's {@code cnn_3layer}, {@code cnn_5layer}, {@code cnn_7layer}; Shi et al. 2021),
 * with and without batch normalisation after every hidden affine layer, and a small fully connected one.
 */
public final class Architectures {
  /** Names of the presets. */
  public static final List<String> NAMES = List.of("mlp", "cnn3", "cnn5", "cnn7");

  private Architectures() {}

  /**
   * What every preset needs to know.
   *
   * @param name one of {@link #NAMES}
   * @param input shape of one sample, {@code (C, H, W)}
   * @param classes number of logits
   * @param width channels of the first convolution, or neurons of a hidden layer of {@code mlp}
   * @param batchNorm whether every hidden affine layer is followed by batch normalisation
   * @param mean normalisation constants per channel; empty for none
   * @param std normalisation constants per channel; empty for none
   */
  public record Specification(String name, Shape input, int classes, int width, boolean batchNorm, List<Double> mean, List<Double> std) {}

  /** Builds a preset. @throws MerlonException (configuration) when the name is unknown or the input does not fit */
  public static Network build(Specification spec) {
    Assembly assembly = new Assembly(spec);
    if (!spec.mean().isEmpty()) {
      assembly.network.append("normalize", new Normalize(spec.mean(), spec.std()));
    }
    switch (spec.name()) {
      case "mlp" -> mlp(assembly, spec.width());
      case "cnn3" -> cnn3(assembly, spec.width());
      case "cnn5" -> cnn5(assembly, spec.width());
      case "cnn7" -> cnn7(assembly, spec.width());
      default ->
          throw new MerlonException(
              new Failure.Configuration("There is no network preset '" + spec.name() + "'.", "Use one of " + String.join(", ", NAMES) + "."));
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
    boolean large = a.spec.input().get(1) >= 64;
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
    private final Specification spec;
    private final Network.Builder network;
    private int convolutions;
    private int linears;
    private int hiddenLayers;

    Assembly(Specification spec) {
      this.spec = spec;
      this.network = Network.builder(spec.input());
    }

    void conv(int out, int kernel, int stride, int padding) {
      int in = Math.toIntExact(network.lastShape().get(0));
      Conv2d conv = new Conv2d(in, out, Extent.square(kernel), Extent.square(stride), Extent.square(padding), true);
      network.append("conv" + ++convolutions, conv);
      activate(out);
    }

    void hidden(int out) {
      network.append("linear" + ++linears, new Linear(length(), out, true));
      activate(out);
    }

    void logits() {
      network.append("linear" + ++linears, new Linear(length(), spec.classes(), true));
    }

    void flatten() {
      network.append("flatten", new Flatten());
    }

    private void activate(int features) {
      hiddenLayers++;
      if (spec.batchNorm()) {
        network.append("bn" + hiddenLayers, BatchNorm.of(features));
      }
      network.append("relu" + hiddenLayers, new Relu());
    }

    private int length() {
      return Math.toIntExact(network.lastShape().size());
    }
  }
}
