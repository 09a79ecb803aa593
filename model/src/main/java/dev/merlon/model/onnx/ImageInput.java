package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.Operation;
import dev.merlon.model.network.Reshape;
import dev.merlon.model.network.Transpose;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts the pixels of images into the order in which a model takes them, without any arithmetic. */
final class ImageInput {
  private static final String NAME = "image layout";

  private ImageInput() {}

  /**
   * The operation that a model needs in front of it, if there is one that fits.
   *
   * @param image {@code (C, H, W)}
   * @param taken shape that the model takes: that of the image in some layout, or fewer axes of the
   *     same size, which hold it channel by channel
   */
  static Optional<Operation> before(Shape image, Shape taken, Optional<ImageLayout> layout) {
    if (taken.dimension() < image.dimension()) {
      boolean fits = taken.size() == image.size() && !layout.equals(Optional.of(ImageLayout.NHWC));
      return fits ? Optional.of(new Reshape(taken)) : Optional.empty();
    }
    return layout
        .map(Stream::of)
        .orElseGet(() -> Arrays.stream(ImageLayout.values()))
        .filter(each -> each.of(image).equals(taken))
        .findFirst()
        .map(each -> new Transpose(each == ImageLayout.NCHW ? List.of(0, 1, 2) : List.of(1, 2, 0)));
  }

  /** A network behind an operation on its input, whose nodes keep their names. */
  static Network behind(Shape image, Operation first, Network network) {
    Network.Builder builder = Network.builder(image);
    String name = NAME;
    while (network.nodes().stream().map(Node::name).toList().contains(name)) {
      name += "'";
    }
    builder.append(name, first);
    for (Node node : network.nodes()) {
      Integer[] inputs = node.inputs().stream().map(id -> id + 1).toArray(Integer[]::new);
      builder.add(node.name(), node.operation(), inputs);
    }
    return builder.build();
  }

  /** Samples {@code (C, H, W)}, one after another, with the channels last. */
  static float[] channelsLast(float[] inputs, Shape image) {
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
}
