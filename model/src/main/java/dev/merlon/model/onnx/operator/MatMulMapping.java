package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * {@code MatMul} by a constant matrix. Of vectors it is a fully connected layer; of several vectors
 * a sample, a convolution of one tap over them.
 */
final class MatMulMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("MatMul");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 2);
    node.requireNoOtherAttributes();
    boolean left = graph.isConstant(node.input(0));
    ModelFormatException.unless(
        left != graph.isConstant(node.input(1)),
        "only one constant operand is supported, and one is needed");
    HostTensor matrix = graph.constant(node.input(left ? 0 : 1));
    ModelFormatException.unless(
        matrix.shape().dimension() == 2,
        "its constant has shape " + matrix.shape() + " where a matrix is needed");
    int operand = graph.value(node.input(left ? 1 : 0));
    if (left) {
      ofColumns(node, matrix, operand, graph);
    } else {
      ofRows(node, Constants.transposed(matrix, List.of(1, 0)), operand, graph);
    }
  }

  /** {@code x W^T} along the last axis, for {@code W [out, in]}. */
  private static void ofRows(OnnxNode node, HostTensor weight, int operand, GraphReader graph) {
    int out = Math.toIntExact(weight.shape().get(0));
    int in = Math.toIntExact(weight.shape().get(1));
    Shape sample = graph.shape(operand);
    int last = sample.dimension() - 1;
    Linear linear = new Linear(in, out, false);
    if (last == 0) {
      new Unbiased(node, linear, new Linear(in, out, true), weight, operand).defer(graph);
      return;
    }
    Shape lead = sample.slice(0, last);
    if (lead.size() == 1 && sample.get(last) == in) {
      int flat = graph.add(node, new Flatten(), operand);
      int product = graph.add(node, linear, Map.of("weight", weight), flat);
      graph.append(node, new Reshape(lead.add(out)), product);
      return;
    }
    List<Integer> lastFirst =
        IntStream.concat(IntStream.of(last), IntStream.range(0, last)).boxed().toList();
    Transpose toFront = new Transpose(lastFirst);
    int turned = graph.add(node, toFront, operand);
    int product = pointwise(node, weight, turned, graph);
    long[] shape = LongStream.concat(LongStream.of(out), LongStream.of(lead.getShape())).toArray();
    int unfolded = graph.add(node, new Reshape(new Shape(shape)), product);
    graph.append(node, toFront.inverse(), unfolded);
  }

  /** {@code W x} for {@code x [in, n]} and {@code W [out, in]}. */
  private static void ofColumns(OnnxNode node, HostTensor weight, int operand, GraphReader graph) {
    Shape sample = graph.shape(operand);
    ModelFormatException.unless(
        sample.dimension() == 2,
        "a constant times samples of shape " + sample + " is not supported");
    int product = pointwise(node, weight, operand, graph);
    graph.append(node, new Reshape(new Shape(weight.shape().get(0), sample.get(1))), product);
  }

  /** {@code W x} for the columns of {@code x [in, ...]}, as {@code [out, n, 1]}. */
  private static int pointwise(OnnxNode node, HostTensor weight, int operand, GraphReader graph) {
    int out = Math.toIntExact(weight.shape().get(0));
    int in = Math.toIntExact(weight.shape().get(1));
    Shape sample = graph.shape(operand);
    long columns = sample.size() / sample.get(0);
    int image = graph.add(node, new Reshape(new Shape(sample.get(0), columns, 1)), operand);
    Extent one = Extent.square(1);
    Conv2d conv = new Conv2d(in, out, one, Geometry.of(one, Extent.square(0)), false);
    return graph.add(
        node, conv, Map.of("weight", Constants.reshaped(weight, out, in, 1, 1)), image);
  }
}
