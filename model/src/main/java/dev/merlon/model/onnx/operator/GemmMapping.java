package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Gemm} with a constant second operand, which is a fully connected layer; behind it, where
 * {@code alpha} is not 1, a product and a sum.
 */
final class GemmMapping implements OperatorMapping {
  private static final WrittenOperator GEMM = new WrittenOperator("Gemm", 13);

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
    return graph.node(at.node(), GEMM, inputs, GraphWriter.attribute("transB", 1));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 3);
    double alpha = node.real("alpha", 1);
    double beta = node.real("beta", 1);
    node.requireInteger("transA", 0, 0);
    boolean transposed = node.integer("transB", 0) != 0;
    node.requireNoOtherAttributes();
    HostTensor second = graph.constant(node.input(1));
    ModelFormatException.unless(
        second.shape().dimension() == 2,
        "its weight has shape " + second.shape() + " where a matrix is needed");
    HostTensor weight = transposed ? second : Constants.transposed(second, List.of(1, 0));
    int out = Math.toIntExact(weight.shape().get(0));
    int in = Math.toIntExact(weight.shape().get(1));
    int operand = graph.value(node.input(0));
    Unbiased layer =
        new Unbiased(node, new Linear(in, out, false), new Linear(in, out, true), weight, operand);
    Optional<HostTensor> bias =
        node.hasInput(2) && beta != 0
            ? Optional.of(times(beta, bias(graph.constant(node.input(2)), out)))
            : Optional.empty();
    if (alpha != 1) {
      scaled(node, layer, alpha, bias, graph);
    } else if (bias.isPresent()) {
      layer.join(node, bias.get(), graph);
    } else {
      layer.defer(graph);
    }
  }

  /** {@code alpha W x + b}, with {@code alpha} apart from the weights, which stay the file's. */
  private static void scaled(
      OnnxNode node, Unbiased layer, double alpha, Optional<HostTensor> bias, GraphReader graph) {
    int product = graph.add(node, layer.plain(), Map.of("weight", layer.weight()), layer.operand());
    HostTensor factor = HostTensor.of(new double[] {alpha}, 1).as(layer.weight().type());
    Map<String, HostTensor> constant = Map.of("constant", factor);
    Elementwise times = new Elementwise(Elementwise.Kind.MULTIPLY, factor.shape());
    if (bias.isEmpty()) {
      graph.append(node, times, constant, product);
      return;
    }
    int sized = graph.add(node, times, constant, product);
    Elementwise plus = new Elementwise(Elementwise.Kind.ADD, bias.get().shape());
    graph.append(node, plus, Map.of("constant", bias.get()), sized);
  }

  /** The product, which has to be a number of the bias's own type. */
  private static HostTensor times(double beta, HostTensor bias) {
    double[] products = Arrays.stream(bias.toDoubles()).map(value -> beta * value).toArray();
    HostTensor rounded = HostTensor.of(products, products.length).as(bias.type());
    boolean exact =
        beta == 1
            || (bias.type() == DataType.FLOAT32 && Arrays.equals(products, rounded.toDoubles()));
    ModelFormatException.unless(
        exact, "its bias cannot be multiplied by beta " + beta + " without rounding");
    return rounded;
  }

  /** The third operand as a vector: one value for each output, or one for all. */
  private static HostTensor bias(HostTensor third, int out) {
    Shape shape = third.shape();
    double[] values = third.toDoubles();
    boolean row = shape.dimension() <= 2 && (shape.dimension() < 2 || shape.get(0) == 1);
    ModelFormatException.unless(
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
