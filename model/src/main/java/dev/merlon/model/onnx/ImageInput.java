package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.network.operation.Transpose;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How images become what a model takes: scaled first, then with their pixels in its order, which
 * involves no arithmetic. The only place that knows about orders.
 *
 * @param image shape of the images, {@code (C, H, W)}
 * @param order the operation that puts pixels in order
 */
record ImageInput(Shape image, Operation order, InputScaling scaling) {
  private static final String SCALING = "image scaling";
  private static final String LAYOUT = "image layout";
  private static final Operation AS_THEY_ARE = new Transpose(List.of(0, 1, 2));

  /**
   * What images become, if the model takes such images.
   *
   * @param taken shape that the model takes: that of the image in some layout, or fewer axes of the
   *     same size, which hold it channel by channel
   * @param layout the model's; by default the one that its input's shape shows
   */
  static Optional<ImageInput> of(
      Shape image, Shape taken, Optional<ImageLayout> layout, InputScaling scaling) {
    return order(image, taken, layout).map(order -> new ImageInput(image, order, scaling));
  }

  private static Optional<Operation> order(Shape image, Shape taken, Optional<ImageLayout> layout) {
    if (taken.dimension() < image.dimension()) {
      boolean fits = taken.size() == image.size() && !layout.equals(Optional.of(ImageLayout.NHWC));
      return fits ? Optional.of(new Reshape(taken)) : Optional.empty();
    }
    return layout
        .map(Stream::of)
        .orElseGet(() -> Arrays.stream(ImageLayout.values()))
        .filter(each -> each.of(image).equals(taken))
        .findFirst()
        .map(each -> each == ImageLayout.NCHW ? AS_THEY_ARE : new Transpose(List.of(1, 2, 0)));
  }

  /** Whether the model takes images as they are. */
  boolean changesNothing() {
    return scaling.isNone() && order.equals(AS_THEY_ARE);
  }

  /** What is done, in words of the command line; empty where only axes are joined. */
  Optional<String> words() {
    return Stream.of(channelsLast() ? ImageLayout.NHWC.word() : "", scaling.toString())
        .filter(part -> !part.isEmpty())
        .reduce((first, second) -> first + " " + second);
  }

  /** The model's layout; empty where it takes pixels without axes. */
  Optional<ImageLayout> layout() {
    if (order instanceof Reshape) {
      return Optional.empty();
    }
    return Optional.of(channelsLast() ? ImageLayout.NHWC : ImageLayout.NCHW);
  }

  /** The network behind the operations on its input; its nodes keep their names. */
  Network before(Network network) {
    List<String> taken = network.nodes().stream().map(Node::name).toList();
    Network.Builder builder = Network.builder(image);
    if (!scaling.isNone()) {
      builder.append(free(SCALING, taken), scaling.operation(Math.toIntExact(image.get(0))));
    }
    if (!order.equals(AS_THEY_ARE)) {
      builder.append(free(LAYOUT, taken), order);
    }
    int added = (scaling.isNone() ? 0 : 1) + (order.equals(AS_THEY_ARE) ? 0 : 1);
    for (Node node : network.nodes()) {
      Integer[] inputs = node.inputs().stream().map(id -> id + added).toArray(Integer[]::new);
      builder.add(node.name(), node.operation(), inputs);
    }
    return builder.build();
  }

  /** What ONNX Runtime is given for samples one after another. */
  float[] forRuntime(float[] inputs) {
    float[] scaled = scaling.isNone() ? inputs : scaling.applied(inputs, image);
    return channelsLast() ? withChannelsLast(scaled) : scaled;
  }

  private boolean channelsLast() {
    return order instanceof Transpose && !order.equals(AS_THEY_ARE);
  }

  private float[] withChannelsLast(float[] inputs) {
    int channels = Math.toIntExact(image.get(0));
    int plane = Math.toIntExact(image.size()) / channels;
    float[] moved = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int sample = i / (channels * plane) * channels * plane;
      int place = i - sample;
      moved[sample + place % plane * channels + place / plane] = inputs[i];
    }
    return moved;
  }

  /** A name for a node that no other node has. */
  static String free(String name, List<String> taken) {
    String unused = name;
    while (taken.contains(unused)) {
      unused += "'";
    }
    return unused;
  }
}
