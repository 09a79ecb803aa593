package dev.merlon.model.bound.split;

import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The rectifiers of a network that one sample's bounds leave unstable, numbered through from 0 in
 * the network's order.
 */
record UnstableNeurons(List<Layer> layers, int count) {
  private static final double ROUNDING = 0x1p-50;

  /**
   * The unstable neurons of one layer.
   *
   * @param node the rectifiers
   * @param slope of the rectifiers below 0
   * @param first number of the layer's first neuron
   * @param places of the neurons among the layer's
   * @param lower bounds of their operands
   * @param upper bounds of their operands
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Layer(Node node, double slope, int first, int[] places, double[] lower, double[] upper) {
    int size() {
      return places.length;
    }

    int end() {
      return first + places.length;
    }

    /** What adding 1 to the coefficient on each operand may cost by rounding, generously. */
    double[] roundings() {
      return IntStream.range(0, places.length)
          .mapToDouble(i -> ROUNDING * Math.max(-lower[i], upper[i]))
          .toArray();
    }
  }

  /**
   * Those of the bounds known.
   *
   * @param preActivations boxes {@code [1, ...]} by number of the value; rectifiers of others do
   *     not count
   */
  static UnstableNeurons of(Network network, Map<Integer, Box> preActivations) {
    List<Layer> layers = new ArrayList<>();
    int first = 0;
    for (Node node : network.rectifiers()) {
      Optional<Box> box = Optional.ofNullable(preActivations.get(node.inputs().get(0)));
      if (box.isPresent()) {
        Layer layer = layer(node, first, box.get());
        if (layer.size() > 0) {
          layers.add(layer);
          first = layer.end();
        }
      }
    }
    return new UnstableNeurons(List.copyOf(layers), first);
  }

  private static Layer layer(Node node, int first, Box box) {
    double[] lower = HostTensor.copyOf(box.lower()).toDoubles();
    double[] upper = HostTensor.copyOf(box.upper()).toDoubles();
    int[] places =
        IntStream.range(0, lower.length).filter(i -> lower[i] < 0 && upper[i] > 0).toArray();
    double slope = node.operation() instanceof LeakyRelu leaky ? leaky.slope() : 0;
    return new Layer(
        node,
        slope,
        first,
        places,
        IntStream.of(places).mapToDouble(i -> lower[i]).toArray(),
        IntStream.of(places).mapToDouble(i -> upper[i]).toArray());
  }
}
