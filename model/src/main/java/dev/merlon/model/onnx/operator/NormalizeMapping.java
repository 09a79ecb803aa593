package dev.merlon.model.onnx.operator;

import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Normalisation {@code (x - mean) / std} as {@code Sub} and {@code Div} by constants per channel. A
 * {@code Sub} alone divides by 1, a {@code Div} alone subtracts 0, both exactly.
 */
final class NormalizeMapping {
  private static final WrittenOperator SUB = new WrittenOperator("Sub", 13);

  private NormalizeMapping() {}

  static String write(Normalize operation, Operands<String> at, GraphWriter graph) {
    String name = at.node().name();
    long[] shape = new long[at.node().shape().dimension() + 1];
    Arrays.fill(shape, 1);
    shape[1] = operation.mean().size();
    String mean = graph.constant(name + ".mean", tensor(operation.mean(), shape));
    String std = graph.constant(name + ".std", tensor(operation.std(), shape));
    String centered = name + ":centered";
    // ONNX Runtime wants names of nodes to be unique, so that only the second has one.
    graph.node(SUB, "", List.of(at.first(), mean), centered);
    return graph.node(at.node(), ArithmeticMapping.DIV, List.of(centered, std));
  }

  /** Keeps a subtraction per channel back until it is known whether a division follows. */
  static void defer(OnnxNode node, int source, List<Double> mean, GraphReader graph) {
    graph.defer(node.output(), new Centered(node, source, mean));
  }

  /** Whether a division is one by a positive deviation per channel, and has been added as such. */
  static boolean normalised(OnnxNode node, String operand, HostTensor constant, GraphReader graph) {
    Centered centered =
        graph.deferred(operand).orElse(null) instanceof Centered waiting
            ? waiting
            : centeredAtZero(node, graph.value(operand), graph);
    Optional<List<Double>> std =
        Constants.perChannel(constant, graph.shape(centered.source()))
            .filter(values -> values.stream().allMatch(value -> value > 0));
    std.ifPresent(
        values -> {
          graph.requireType(constant, centered.source());
          graph.append(node, new Normalize(centered.mean(), values), centered.source());
        });
    return std.isPresent();
  }

  private static Centered centeredAtZero(OnnxNode node, int source, GraphReader graph) {
    int channels = Math.toIntExact(graph.shape(source).get(0));
    return new Centered(node, source, Collections.nCopies(channels, 0.0));
  }

  /** A {@code Sub} that waits for the {@code Div} which usually follows it. */
  private record Centered(OnnxNode node, int source, List<Double> mean)
      implements GraphReader.Deferred {
    @Override
    public void settle(GraphReader graph) {
      graph.append(node, new Normalize(mean, Collections.nCopies(mean.size(), 1.0)), source);
    }
  }

  private static HostTensor tensor(List<Double> values, long[] shape) {
    float[] rounded = new float[values.size()];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = values.get(i).floatValue();
    }
    return HostTensor.of(rounded, shape);
  }
}
