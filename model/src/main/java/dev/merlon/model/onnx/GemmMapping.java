package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code Gemm} with a constant second operand, which is a fully connected layer. */
final class GemmMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Gemm");
  }

  static String write(Linear operation, Operands<String> at, GraphWriter graph) {
    List<String> inputs = new ArrayList<>();
    inputs.add(at.first());
    inputs.add(graph.parameter(at.node(), "weight"));
    if (operation.bias()) {
      inputs.add(graph.parameter(at.node(), "bias"));
    }
    return graph.node(at.node(), "Gemm", inputs, GraphWriter.attribute("transB", 1));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 3);
    node.requireReal("alpha", 1, 1);
    node.requireReal("beta", 1, 1);
    node.requireInteger("transA", 0, 0);
    boolean transposed = node.integer("transB", 0) != 0;
    node.requireNoOtherAttributes();
    HostTensor second = graph.constant(node.input(1));
    Refusal.unless(
        second.shape().dimension() == 2,
        "its weight has shape " + second.shape() + " where a matrix is needed");
    HostTensor weight = transposed ? second : Constants.transposed(second, List.of(1, 0));
    int out = Math.toIntExact(weight.shape().get(0));
    int in = Math.toIntExact(weight.shape().get(1));
    int operand = graph.value(node.input(0));
    Unbiased layer =
        new Unbiased(node, new Linear(in, out, false), new Linear(in, out, true), weight, operand);
    if (node.hasInput(2)) {
      layer.join(node, bias(graph.constant(node.input(2)), out), graph);
    } else {
      layer.defer(graph);
    }
  }

  /** The third operand as a vector: one value for each output, or one for all. */
  private static HostTensor bias(HostTensor third, int out) {
    Shape shape = third.shape();
    double[] values = third.toDoubles();
    boolean row = shape.dimension() <= 2 && (shape.dimension() < 2 || shape.get(0) == 1);
    Refusal.unless(
        row && (values.length == 1 || values.length == out),
        "its bias of shape " + shape + " does not fit " + out + " outputs");
    double[] vector = values;
    if (values.length != out) {
      vector = new double[out];
      Arrays.fill(vector, values[0]);
    }
    return HostTensor.of(vector, out).as(third.type());
  }
}
