package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.Normalize;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * {@code Sub} and {@code Div} by constants per channel, which are normalisation: {@code (x - mean)
 * / std}. A {@code Sub} alone divides by 1, a {@code Div} alone subtracts 0, both exactly.
 */
final class NormalizeMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Sub", "Div");
  }

  static String write(Normalize operation, Operands<String> at, GraphWriter graph) {
    String name = at.node().name();
    long[] shape = new long[at.node().shape().dimension() + 1];
    Arrays.fill(shape, 1);
    shape[1] = operation.mean().size();
    String mean = graph.constant(name + ".mean", tensor(operation.mean(), shape));
    String std = graph.constant(name + ".std", tensor(operation.std(), shape));
    String centered = name + ":centered";
    // ONNX Runtime wants names of nodes to be unique, so that only the second has one.
    graph.node("Sub", "", List.of(at.first(), mean), centered);
    return graph.node(at.node(), "Div", List.of(centered, std));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireNoOtherAttributes();
    node.requireInputs(2, 2);
    Refusal.unless(
        graph.isConstant(node.input(1)) && !graph.isConstant(node.input(0)),
        "only a constant per channel is supported, as the second operand");
    HostTensor constant = graph.constant(node.input(1));
    if (node.operator().equals("Sub")) {
      int source = graph.value(node.input(0));
      List<Double> mean = perChannel(constant, graph.shape(source));
      graph.defer(node.output(), new Centered(node, source, mean));
    } else if (graph.deferred(node.input(0)).orElse(null) instanceof Centered centered) {
      List<Double> std = perChannel(constant, graph.shape(centered.source()));
      graph.append(node, new Normalize(centered.mean(), std), centered.source());
    } else {
      int source = graph.value(node.input(0));
      List<Double> std = perChannel(constant, graph.shape(source));
      graph.append(node, new Normalize(same(0.0, std.size()), std), source);
    }
  }

  /** A {@code Sub} that waits for the {@code Div} which usually follows it. */
  private record Centered(OnnxNode node, int source, List<Double> mean)
      implements GraphReader.Deferred {
    @Override
    public void settle(GraphReader graph) {
      graph.append(node, new Normalize(mean, same(1.0, mean.size())), source);
    }
  }

  private static HostTensor tensor(List<Double> values, long[] shape) {
    float[] rounded = new float[values.size()];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = values.get(i).floatValue();
    }
    return HostTensor.of(rounded, shape);
  }

  /** The constant's value for each channel of a sample, if it differs along no other axis. */
  private static List<Double> perChannel(HostTensor constant, Shape sample) {
    long[] extents = constant.shape().getShape();
    int channelAxis = extents.length - sample.dimension();
    long channels = sample.get(0);
    boolean fits = extents.length <= sample.dimension() + 1;
    for (int axis = 0; axis < extents.length; axis++) {
      fits &= extents[axis] == 1 || (axis == channelAxis && extents[axis] == channels);
    }
    Refusal.unless(
        fits,
        "its constant of shape "
            + constant.shape()
            + " is not one value for each of the "
            + channels
            + " channels");
    double[] values = constant.toDoubles();
    return values.length == 1
        ? same(values[0], Math.toIntExact(channels))
        : Arrays.stream(values).boxed().toList();
  }

  private static List<Double> same(double value, int count) {
    return Collections.nCopies(count, value);
  }
}
