package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A small model file put together operator by operator, each taking the last one's result. */
public final class HandWritten {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");
  private final SplittableRandom random = new SplittableRandom(4);
  private final TensorProto.DataType type;
  private final long opset;
  private String last = "x";

  private HandWritten(TensorProto.DataType type, long opset, long... input) {
    this.type = type;
    this.opset = opset;
    graph.addInput(described("x", input));
  }

  /** A float32 model. */
  public static HandWritten of(long... input) {
    return new HandWritten(TensorProto.DataType.FLOAT, 13, input);
  }

  /** A float64 model. */
  public static HandWritten wide(long... input) {
    return new HandWritten(TensorProto.DataType.DOUBLE, 13, input);
  }

  /** A float32 model of another operator set. */
  public static HandWritten ofSet(long opset, long... input) {
    return new HandWritten(TensorProto.DataType.FLOAT, opset, input);
  }

  /** An operator on the last result and these constants. */
  public HandWritten then(String operator, List<String> constants, AttributeProto... attributes) {
    List<String> inputs = new java.util.ArrayList<>(List.of(last));
    inputs.addAll(constants);
    return node(operator, inputs, attributes);
  }

  /** An operator on any results. */
  public HandWritten node(String operator, List<String> inputs, AttributeProto... attributes) {
    last = operator.toLowerCase(java.util.Locale.ROOT) + graph.getNodeCount();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(last)
            .addAllInput(inputs)
            .addOutput(last)
            .addAllAttribute(Arrays.asList(attributes)));
    return this;
  }

  /** Name of the last result. */
  public String last() {
    return last;
  }

  /** A constant with drawn values away from 0. */
  public HandWritten constant(String name, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble()));
    return values(name, values, shape);
  }

  /** A constant with these values. */
  public HandWritten values(String name, double[] values, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    Arrays.stream(shape).forEach(tensor::addDims);
    for (double value : values) {
      if (type == TensorProto.DataType.DOUBLE) {
        tensor.addDoubleData(value);
      } else {
        tensor.addFloatData((float) value);
      }
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** A constant vector of integers. */
  public HandWritten integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    graph.addInitializer(tensor);
    return this;
  }

  /** The file, which gives so many logits. */
  public byte[] ending(long batch, long classes) {
    graph.addOutput(described(last, batch, classes));
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private ValueInfoProto described(String name, long... shape) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
    var tensor = info.getTypeBuilder().getTensorTypeBuilder().setElemType(type.getNumber());
    for (long extent : shape) {
      var axis = tensor.getShapeBuilder().addDimBuilder();
      if (extent < 0) {
        axis.setDimParam("N");
      } else {
        axis.setDimValue(extent);
      }
    }
    return info.build();
  }
}
