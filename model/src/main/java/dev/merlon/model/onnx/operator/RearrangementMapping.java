package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * {@code Flatten}, {@code Reshape} and {@code Transpose} of samples, the batch axis staying what it
 * is; and the last two of constants.
 */
final class RearrangementMapping implements OperatorMapping {
  private static final WrittenOperator FLATTEN = new WrittenOperator("Flatten", 13);
  private static final WrittenOperator RESHAPE = new WrittenOperator("Reshape", 13);
  private static final WrittenOperator TRANSPOSE = new WrittenOperator("Transpose", 13);

  @Override
  public List<String> operators() {
    return List.of("Flatten", "Reshape", "Transpose");
  }

  static String write(Rearrangement operation, Operands<String> at, GraphWriter graph) {
    if (operation instanceof Transpose transpose) {
      List<Long> axes =
          Stream.concat(Stream.of(0L), transpose.axes().stream().map(axis -> axis + 1L)).toList();
      return graph.node(
          at.node(), TRANSPOSE, List.of(at.first()), GraphWriter.attribute("perm", axes));
    }
    if (operation instanceof Reshape reshape) {
      long[] shape =
          LongStream.concat(LongStream.of(0), LongStream.of(reshape.shape().getShape())).toArray();
      String target = graph.integers(at.node().name() + ".shape", shape);
      return graph.node(at.node(), RESHAPE, List.of(at.first(), target));
    }
    return graph.node(at.node(), FLATTEN, List.of(at.first()), GraphWriter.attribute("axis", 1));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    switch (node.operator()) {
      case "Flatten" -> flatten(node, graph);
      case "Reshape" -> reshape(node, graph);
      default -> transpose(node, graph);
    }
  }

  private static void flatten(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    int operand = graph.value(node.input(0));
    long axis = node.integer("axis", 1);
    node.requireNoOtherAttributes();
    long fromFront = axis < 0 ? axis + graph.shape(operand).dimension() + 1 : axis;
    ModelFormatException.unless(
        fromFront == 1, "axis " + axis + " is not supported, only the first after the batch");
    graph.append(node, new Flatten(), operand);
  }

  private static void reshape(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 2);
    node.requireInteger("allowzero", 0, 0);
    node.requireNoOtherAttributes();
    List<Long> target = graph.integers(node.input(1));
    if (graph.isConstant(node.input(0))) {
      HostTensor constant = graph.constant(node.input(0));
      long[] shape = TargetShape.of(target, constant.shape().getShape());
      graph.define(node.output(), Constants.reshaped(constant, shape));
      return;
    }
    int operand = graph.value(node.input(0));
    Shape shape = TargetShape.ofSample(target, graph.shape(operand), graph.batch());
    if (shape.dimension() == 1) {
      graph.append(node, new Flatten(), operand);
    } else {
      graph.append(node, new Reshape(shape), operand);
    }
  }

  private static void transpose(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    boolean constant = graph.isConstant(node.input(0));
    int operand = constant ? 0 : graph.value(node.input(0));
    int rank =
        constant
            ? graph.constant(node.input(0)).shape().dimension()
            : graph.shape(operand).dimension() + 1;
    List<Long> reversed =
        IntStream.range(0, rank).mapToObj(axis -> (long) rank - 1 - axis).toList();
    List<Long> axes = node.integers("perm", reversed);
    node.requireNoOtherAttributes();
    ModelFormatException.unless(
        new ArrayList<>(axes)
            .stream().sorted().toList().equals(LongStream.range(0, rank).boxed().toList()),
        "perm " + axes + " does not name each of " + rank + " axes once");
    if (constant) {
      List<Integer> all = axes.stream().map(Long::intValue).toList();
      graph.define(node.output(), Constants.transposed(graph.constant(node.input(0)), all));
      return;
    }
    ModelFormatException.unless(axes.get(0) == 0, "perm " + axes + " moves the batch axis");
    graph.append(
        node,
        new Transpose(axes.stream().skip(1).map(axis -> axis.intValue() - 1).toList()),
        operand);
  }
}
