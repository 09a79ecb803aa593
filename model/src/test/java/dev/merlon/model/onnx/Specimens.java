package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.graph.GraphWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small valid model files that between them have every operator that is read. */
public final class Specimens {
  private Specimens() {}

  /** Files by name. */
  public static Map<String, byte[]> all() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (SampleModel model :
        List.of(
            SampleModel.preset(NetworkPreset.MLP, true),
            SampleModel.preset(NetworkPreset.CNN3, true),
            SampleModel.residual(),
            SampleModel.everyOperation(),
            SampleModel.pools(),
            SampleModel.channelsLast())) {
      files.put(model.name(), model.bytes());
    }
    files.put("vectors", vectors());
    files.put("wide", wide());
    files.put("limits", limits());
    files.put("columns", columns());
    return files;
  }

  /** Sums and products of vectors, a softmax at the end, a batch of one. */
  private static byte[] vectors() {
    return HandWritten.of(1, 6)
        .constant("mean", 1, 6)
        .constant("first", 6, 5)
        .constant("bias", 5)
        .constant("second", 5, 3)
        .then("Sub", List.of("mean"))
        .then("MatMul", List.of("first"))
        .then("Add", List.of("bias"))
        .then("LeakyRelu", List.of(), GraphWriter.attribute("alpha", 0.1f))
        .then("Dropout", List.of())
        .then("MatMul", List.of("second"))
        .then("Softmax", List.of(), GraphWriter.attribute("axis", -1))
        .ending(1, 3);
  }

  /** In float64, with the batch free. */
  private static byte[] wide() {
    return HandWritten.wide(-1, 2, 3, 4)
        .constant("scale", 2, 1, 1)
        .integers("rows", -1, 8, 3)
        .constant("rows weight", 3, 2)
        .constant("last", 3, 16)
        .then("Mul", List.of("scale"))
        .then("Reshape", List.of("rows"))
        .then("MatMul", List.of("rows weight"))
        .then("Tanh", List.of())
        .then("Flatten", List.of(), GraphWriter.attribute("axis", 1))
        .then("Gemm", List.of("last"), GraphWriter.attribute("transB", 1))
        .ending(-1, 3);
  }

  /** ReLU6, a cast to the type that there is, identity, a branch that comes together again. */
  private static byte[] limits() {
    HandWritten file =
        HandWritten.of(2, 1, 4, 4)
            .values("low", new double[] {0.1})
            .values("high", new double[] {6})
            .constant("kernel", 2, 1, 3, 3)
            .integers("pads", 0, 0, 1, 1, 0, 0, 1, 1)
            .constant("last", 16, 4)
            .then("Pad", List.of("pads"))
            .then("Conv", List.of("kernel"))
            .then("Clip", List.of("low", "high"));
    String clipped = file.last();
    file.then("Cast", List.of(), GraphWriter.attribute("to", 1));
    return file.then("Sub", List.of(clipped))
        .then("Identity", List.of())
        .then("MaxPool", List.of(), ints("kernel_shape", 2L, 2L), ints("strides", 2L, 2L))
        .node("Concat", List.of(file.last(), file.last()), GraphWriter.attribute("axis", 1))
        .then("Flatten", List.of())
        .then("MatMul", List.of("last"))
        .ending(2, 4);
  }

  /** A constant times columns, a transposition, division by a constant, operator set 9. */
  private static byte[] columns() {
    return HandWritten.ofSet(9, 1, 4, 3)
        .constant("left", 2, 4)
        .constant("by", 1, 2, 1)
        .constant("last", 6, 3)
        .node("MatMul", List.of("left", "x"))
        .then("Div", List.of("by"))
        .then("Transpose", List.of(), ints("perm", 0L, 2L, 1L))
        .then("Sigmoid", List.of())
        .then("Flatten", List.of())
        .then("Gemm", List.of("last"))
        .ending(1, 3);
  }

  private static AttributeProto ints(String name, Long... values) {
    return GraphWriter.attribute(name, List.of(values));
  }
}
