package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.LayerSettings;
import dev.merlon.config.network.LayerVisitor;
import dev.merlon.config.network.Size;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.ShapeMismatch;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Windows;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A network being put together from a list of layers. Nodes are named by kind and number ({@code
 * conv1}, {@code bn1}, {@code relu1} ...). Every failure names the layer in the list and the node.
 */
final class NetworkAssembly implements LayerVisitor<String> {
  private final Network.Builder network;
  private final double momentum;
  private final int classes;
  private final Map<String, Integer> counts = new HashMap<>();
  private String place = "";
  private int value;

  /**
   * An assembly behind what the builder holds already.
   *
   * @param momentum of batch normalisation
   * @param classes number of logits
   */
  NetworkAssembly(Network.Builder network, double momentum, int classes) {
    this.network = network;
    this.momentum = momentum;
    this.classes = classes;
    this.value = network.last();
  }

  /**
   * Appends layers to the last value.
   *
   * @param list what the list is called in messages
   * @throws MerlonException (configuration) when a layer does not fit what comes before it
   */
  void append(List<LayerSettings> layers, String list) {
    for (int i = 0; i < layers.size(); i++) {
      LayerSettings layer = layers.get(i);
      place = String.format(Locale.ROOT, "layer %d (%s) of %s", i + 1, layer.kind(), list);
      layer.accept(this);
    }
  }

  /**
   * The finished network.
   *
   * @throws MerlonException (configuration) when its last value is not one logit a class
   */
  Network finish(String list) {
    Shape last = network.lastShape();
    if (!last.equals(new Shape(classes))) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "The layers of %s end in shape %s where %d logits are needed",
              list,
              last,
              classes),
          "End with flatten and {linear {out = classes}}.");
    }
    return network.build();
  }

  @Override
  public String conv(LayerSettings.Conv layer) {
    return add(
        "conv",
        () -> {
          ShapeMismatch.require(
              shape().dimension() == 3, "a convolution cannot take an input of shape " + shape());
          LayerSettings.Sliding sliding = layer.sliding();
          Geometry geometry =
              new Geometry(
                  extent(sliding.stride()),
                  extent(sliding.padding()),
                  extent(layer.dilation()),
                  layer.groups());
          int in = Math.toIntExact(shape().get(0));
          return new Conv2d(in, layer.out(), extent(sliding.kernel()), geometry, layer.bias());
        });
  }

  @Override
  public String linear(LayerSettings.Linear layer) {
    return add(
        "linear",
        () -> {
          ShapeMismatch.require(
              shape().dimension() == 1,
              "a linear layer cannot take an input of shape " + shape() + " without flatten");
          return new Linear(
              Math.toIntExact(shape().size()), layer.out().orElse(classes), layer.bias());
        });
  }

  @Override
  public String leakyRelu(LayerSettings.LeakyRelu layer) {
    return add("leaky-relu", () -> new LeakyRelu(layer.slope()));
  }

  @Override
  public String maxPool(LayerSettings.MaxPool layer) {
    return add("max-pool", () -> new MaxPool(windows(layer.windows())));
  }

  @Override
  public String averagePool(LayerSettings.AveragePool layer) {
    return add(
        "average-pool", () -> new AveragePool(windows(layer.windows()), layer.countPadding()));
  }

  @Override
  public String plain(LayerSettings.Plain layer) {
    return switch (layer) {
      case BATCH_NORM ->
          add(
              "bn",
              () -> new BatchNorm(Math.toIntExact(shape().get(0)), BatchNorm.EPSILON, momentum));
      case RELU -> add("relu", Relu::new);
      case SIGMOID -> add("sigmoid", Sigmoid::new);
      case TANH -> add("tanh", Tanh::new);
      case GLOBAL_AVERAGE_POOL -> add("global-average-pool", GlobalAveragePool::new);
      case FLATTEN -> add("flatten", Flatten::new);
    };
  }

  @Override
  public String residual(LayerSettings.Residual layer) {
    String here = place;
    int fork = value;
    append(layer.body(), "the body of " + here);
    int end = value;
    value = fork;
    append(layer.shortcut(), "the shortcut of " + here);
    int shortcut = value;
    place = here;
    return add(
        "sum",
        () -> {
          ShapeMismatch.require(
              network.shape(end).equals(network.shape(shortcut)),
              "its body gives shape %s but its shortcut %s"
                  .formatted(network.shape(end), network.shape(shortcut)));
          return new Add();
        },
        end,
        shortcut);
  }

  private String add(String kind, Supplier<Operation> operation) {
    return add(kind, operation, value);
  }

  private String add(String kind, Supplier<Operation> operation, Integer... inputs) {
    String name = name(kind);
    try {
      Operation made = operation.get();
      List<Shape> shapes = List.of(inputs).stream().map(network::shape).toList();
      made.outputShape(shapes);
      value = network.add(name, made, inputs);
      return name;
    } catch (ShapeMismatch e) {
      throw MerlonException.configuration(
          "Network layer '%s', %s: %s".formatted(name, place, e.getMessage()),
          "Correct that layer or one before it.");
    }
  }

  // There is one flatten in nearly every network.
  private String name(String kind) {
    int number = counts.merge(kind, 1, Integer::sum);
    return kind.equals("flatten") && number == 1 ? kind : kind + number;
  }

  private Shape shape() {
    return network.shape(value);
  }

  private static Windows windows(LayerSettings.Sliding sliding) {
    return new Windows(
        extent(sliding.kernel()), extent(sliding.stride()), extent(sliding.padding()));
  }

  private static Extent extent(Size size) {
    return new Extent(size.height(), size.width());
  }
}
