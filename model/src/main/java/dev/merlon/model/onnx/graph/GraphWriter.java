package dev.merlon.model.onnx.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An ONNX graph being written. Tensors are named so that no two can collide: a node's result ends
 * in {@code :0} (or is the output), an intermediate result in another {@code :word}, an initialiser
 * in one of the fixed suffixes {@code .weight}, {@code .bias} and so on. Not thread-safe.
 */
public final class GraphWriter {
  private final Network network;
  private final Optional<ParameterValues> values;
  private final List<WrittenOperator> operators = new ArrayList<>();
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName(OnnxFormat.PRODUCER);

  /**
   * @param values of its parameters; empty where only the operators are of interest
   */
  public GraphWriter(Network network, Optional<ParameterValues> values) {
    this.network = network;
    this.values = values;
  }

  /** Name of the tensor that holds a node's value. */
  String result(Node node) {
    return node.equals(network.output()) ? OnnxFormat.OUTPUT : node.name() + ":0";
  }

  /** Writes a parameter of a node as an initialiser and returns its name. */
  public String parameter(Node node, String suffix) {
    String name = node.parameter(suffix);
    values.ifPresent(given -> constant(name, given.get(name)));
    return name;
  }

  /** Writes a float32 tensor as an initialiser and returns its name. */
  public String constant(String name, HostTensor value) {
    requireFinite(name, value);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(Arrays.stream(value.shape().getShape()).boxed().toList())
            .setRawData(ByteString.copyFrom(value.toByteArray())));
    return name;
  }

  /** Writes a vector of integers as an initialiser and returns its name. */
  public String integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
    return name;
  }

  /** Writes the operator that computes a node's value and returns the name of its tensor. */
  public String node(
      Node node, WrittenOperator operator, List<String> inputs, AttributeProto... attributes) {
    return node(operator, node.name(), inputs, result(node), attributes);
  }

  /** Writes one operator and returns the name of its result. */
  public String node(
      WrittenOperator operator,
      String name,
      List<String> inputs,
      String result,
      AttributeProto... attributes) {
    operators.add(operator);
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator.name())
            .setName(name)
            .addAllInput(inputs)
            .addOutput(result)
            .addAllAttribute(Arrays.asList(attributes)));
    return result;
  }

  /** The operators written so far. */
  public List<WrittenOperator> operators() {
    return List.copyOf(operators);
  }

  /** The finished graph, with a free batch axis. */
  public GraphProto finish() {
    return graph
        .addInput(described(OnnxFormat.INPUT, network.inputShape()))
        .addOutput(described(OnnxFormat.OUTPUT, network.output().shape()))
        .build();
  }

  /** An integer attribute. */
  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** A real attribute. */
  public static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /** An attribute of several integers. */
  public static AttributeProto attribute(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  private static ValueInfoProto described(String name, Shape sample) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimParam("N"));
    for (long extent : sample.getShape()) {
      shape.addDim(Dimension.newBuilder().setDimValue(extent));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static void requireFinite(String name, HostTensor value) {
    if (value.type() != DataType.FLOAT32) {
      throw MerlonException.modelFormat(
          "Tensor '" + name + "' is " + value.type() + "; ONNX files are written in float32.",
          "Round the weights to float32 first, which makes them another function.");
    }
    for (float element : value.toFloats()) {
      if (!Float.isFinite(element)) {
        throw new MerlonException(
            new Failure.Numeric(
                "Tensor '" + name + "' holds " + element + "; the model is not exported.",
                "Resume from a checkpoint before the divergence, with a lower learning rate."));
      }
    }
  }
}
