package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Elementwise.Kind;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Add}, {@code Sub}, {@code Mul} and {@code Div}: of computed values as far as that is
 * affine, and with constants on either side. What is added to a weighted layer without bias is its
 * bias; a subtraction or division per channel is normalisation.
 */
final class ArithmeticMapping implements OperatorMapping {
  private static final WrittenOperator ADD = new WrittenOperator("Add", 13);
  private static final WrittenOperator MUL = new WrittenOperator("Mul", 13);
  static final WrittenOperator DIV = new WrittenOperator("Div", 13);

  @Override
  public List<String> operators() {
    return List.of("Add", "Sub", "Mul", "Div");
  }

  static String write(Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), ADD, at.values());
  }

  static String write(Elementwise operation, Operands<String> at, GraphWriter graph) {
    WrittenOperator operator =
        switch (operation.kind()) {
          case ADD -> ADD;
          case MULTIPLY -> MUL;
          case DIVIDE -> DIV;
        };
    return graph.node(
        at.node(), operator, List.of(at.first(), graph.parameter(at.node(), "constant")));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 2);
    node.requireNoOtherAttributes();
    boolean left = graph.isConstant(node.input(0));
    boolean right = graph.isConstant(node.input(1));
    ModelFormatException.unless(!left || !right, "only one constant operand is supported");
    if (left || right) {
      withConstant(
          node, node.input(left ? 1 : 0), graph.constant(node.input(left ? 0 : 1)), left, graph);
    } else {
      ofComputed(node, graph);
    }
  }

  private static void ofComputed(OnnxNode node, GraphReader graph) {
    String operator = node.operator();
    ModelFormatException.unless(
        operator.equals("Add") || operator.equals("Sub"),
        "of two computed values only sums and differences are supported");
    int first = graph.value(node.input(0));
    int second = graph.value(node.input(1));
    if (operator.equals("Sub")) {
      second = negate(node, second, graph);
    }
    graph.append(node, new Add(), first, second);
  }

  private static void withConstant(
      OnnxNode node, String operand, HostTensor constant, boolean left, GraphReader graph) {
    switch (node.operator()) {
      case "Add" -> add(node, operand, constant, graph);
      case "Mul" -> append(node, Kind.MULTIPLY, graph.value(operand), constant, graph);
      case "Sub" -> {
        if (left) {
          append(node, Kind.ADD, negate(node, graph.value(operand), graph), constant, graph);
        } else {
          subtract(node, operand, constant, graph);
        }
      }
      default -> {
        ModelFormatException.unless(
            !left, "a constant divided by computed values is not supported");
        divide(node, operand, constant, graph);
      }
    }
  }

  private static void add(OnnxNode node, String operand, HostTensor constant, GraphReader graph) {
    if (!joined(node, operand, constant, graph)) {
      append(node, Kind.ADD, graph.value(operand), constant, graph);
    }
  }

  private static void subtract(
      OnnxNode node, String operand, HostTensor constant, GraphReader graph) {
    if (joined(node, operand, Constants.negated(constant), graph)) {
      return;
    }
    int source = graph.value(operand);
    Optional<List<Double>> mean = Constants.perChannel(constant, graph.shape(source));
    if (mean.isPresent()) {
      graph.requireType(constant, source);
      NormalizeMapping.defer(node, source, mean.get(), graph);
    } else {
      append(node, Kind.ADD, source, Constants.negated(constant), graph);
    }
  }

  private static void divide(
      OnnxNode node, String operand, HostTensor constant, GraphReader graph) {
    for (double value : constant.toDoubles()) {
      ModelFormatException.unless(value != 0, "its divisor is 0");
    }
    if (!NormalizeMapping.normalised(node, operand, constant, graph)) {
      append(node, Kind.DIVIDE, graph.value(operand), constant, graph);
    }
  }

  /** Whether the operand is a weighted layer that has taken the constant as its bias. */
  private static boolean joined(
      OnnxNode node, String operand, HostTensor constant, GraphReader graph) {
    if (!(graph.deferred(operand).orElse(null) instanceof Unbiased layer)) {
      return false;
    }
    Optional<List<Double>> bias = Constants.perChannel(constant, layer.shape(graph));
    bias.ifPresent(
        values ->
            layer.join(
                node,
                HostTensor.of(
                        values.stream().mapToDouble(Double::doubleValue).toArray(), values.size())
                    .as(constant.type()),
                graph));
    return bias.isPresent();
  }

  private static int negate(OnnxNode node, int operand, GraphReader graph) {
    long[] shape = new long[graph.shape(operand).dimension()];
    Arrays.fill(shape, 1);
    HostTensor minus = HostTensor.of(new double[] {-1}, shape).as(graph.type(operand));
    return graph.add(
        node,
        new Elementwise(Kind.MULTIPLY, new Shape(shape)),
        Collections.singletonMap("constant", minus),
        operand);
  }

  private static void append(
      OnnxNode node, Kind kind, int operand, HostTensor constant, GraphReader graph) {
    HostTensor fitted = Constants.forSample(constant, graph.shape(operand));
    graph.append(node, new Elementwise(kind, fitted.shape()), Map.of("constant", fitted), operand);
  }
}
