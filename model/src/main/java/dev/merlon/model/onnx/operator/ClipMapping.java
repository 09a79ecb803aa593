package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Elementwise.Kind;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code Clip}, of which ReLU6 is one, by rectifiers: {@code max(x, l) = relu(x - l) + l} and
 * {@code min(x, h) = h - relu(h - x)}. Every constant is one of the file's or -1, so that this is
 * the same real function.
 */
final class ClipMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Clip");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 3);
    int operand = graph.value(node.input(0));
    // Up to operator set 10 the limits are attributes.
    double low = limit(node, 1, node.real("min", -Float.MAX_VALUE), operand, graph);
    double high = limit(node, 2, node.real("max", Float.MAX_VALUE), operand, graph);
    node.requireNoOtherAttributes();
    ModelFormatException.unless(
        low <= high, "its limits " + low + " and " + high + " are the wrong way round");
    int value = operand;
    if (low > -Float.MAX_VALUE) {
      value = atLeast(node, low, value, graph);
    }
    if (high < Float.MAX_VALUE) {
      int down = multiplied(node, value, graph);
      int kept = atLeast(node, -high, down, graph);
      value = multiplied(node, kept, graph);
    }
    graph.alias(node, value);
  }

  private static double limit(
      OnnxNode node, int index, double stated, int operand, GraphReader graph) {
    if (!node.hasInput(index)) {
      return stated;
    }
    HostTensor constant = graph.constant(node.input(index));
    ModelFormatException.unless(
        constant.shape().size() == 1, "a limit of it is not a single number");
    graph.requireType(constant, operand);
    return constant.toDoubles()[0];
  }

  private static int atLeast(OnnxNode node, double low, int operand, GraphReader graph) {
    if (low == 0) {
      return graph.add(node, new Relu(), operand);
    }
    int shifted = elementwise(node, Kind.ADD, -low, operand, graph);
    int rectified = graph.add(node, new Relu(), shifted);
    return elementwise(node, Kind.ADD, low, rectified, graph);
  }

  private static int multiplied(OnnxNode node, int operand, GraphReader graph) {
    return elementwise(node, Kind.MULTIPLY, -1, operand, graph);
  }

  private static int elementwise(
      OnnxNode node, Kind kind, double constant, int operand, GraphReader graph) {
    long[] shape = new long[graph.shape(operand).dimension()];
    Arrays.fill(shape, 1);
    HostTensor value = HostTensor.of(new double[] {constant}, shape).as(graph.type(operand));
    return graph.add(
        node, new Elementwise(kind, new Shape(shape)), Map.of("constant", value), operand);
  }
}
