package dev.merlon.model.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ShapeMismatch;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.LiveNodes;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxFormat;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.SizeLimit;
import dev.merlon.model.onnx.graph.TensorReader;
import dev.merlon.model.onnx.operator.ModelRefusal;
import dev.merlon.model.onnx.operator.OperatorMapping;
import dev.merlon.model.onnx.operator.OperatorMappings;
import dev.merlon.model.onnx.operator.OperatorSets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** Reads one decoded model: versions, input and output, then operator by operator. */
final class ModelReader {
  private final String model;
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param model what messages call it
   */
  ModelReader(String model) {
    this.model = model;
  }

  /**
   * What a file holds.
   *
   * @param runnable the part of it that takes part
   */
  record Result(
      Network network, ParameterValues values, ModelProto runnable, List<String> warnings) {}

  Result read(ModelProto proto) {
    return located(
        "",
        () -> {
          requireVersions(proto);
          GraphProto graph = proto.getGraph();
          GraphReader reader = start(graph);
          LiveNodes live = LiveNodes.of(graph);
          SizeLimit.requireOperators(live.nodes().size());
          live.warning().ifPresent(warnings::add);
          live.nodes().forEach(node -> read(node, reader));
          Network network = reader.finish(graph.getOutput(0).getName());
          ModelProto runnable = RunnableFile.of(proto, live.nodes());
          return new Result(network, reader.weights(network), runnable, List.copyOf(warnings));
        });
  }

  private void read(NodeProto proto, GraphReader reader) {
    String operator = proto.getOpType();
    String name = name(proto);
    located(
        "node '" + name + "' (" + operator + "): ",
        () -> {
          ModelFormatException.unless(
              OnnxFormat.isDefaultDomain(proto.getDomain()),
              "operators of domain '" + proto.getDomain() + "' are not supported");
          OperatorMapping mapping =
              OperatorMappings.reading(operator)
                  .orElseThrow(() -> new ModelFormatException("the operator is not supported"));
          ModelFormatException.unless(
              operator.equals("Dropout")
                  || proto.getOutputList().stream().skip(1).allMatch(String::isEmpty),
              "only its first result is supported");
          mapping.read(new OnnxNode(name, proto), reader);
          return reader;
        });
  }

  private static void requireVersions(ModelProto proto) {
    long ir = proto.getIrVersion();
    ModelFormatException.unless(
        ir >= 3 && ir <= OperatorSets.NEWEST_FORMAT,
        "IR version " + ir + " is not supported, only 3 to " + OperatorSets.NEWEST_FORMAT);
    long opset =
        proto.getOpsetImportList().stream()
            .filter(o -> OnnxFormat.isDefaultDomain(o.getDomain()))
            .mapToLong(OperatorSetIdProto::getVersion)
            .findFirst()
            .orElseThrow(
                () -> new ModelFormatException("it does not say which operator set it uses"));
    ModelFormatException.unless(
        opset >= OnnxFormat.OLDEST_OPSET && opset <= OperatorSets.NEWEST,
        String.format(
            Locale.ROOT,
            "operator set %d is not supported, only %d to %d",
            opset,
            OnnxFormat.OLDEST_OPSET,
            OperatorSets.NEWEST));
    ModelFormatException.unless(
        proto.getFunctionsList().stream().noneMatch(f -> OnnxFormat.isDefaultDomain(f.getDomain())),
        "it redefines operators of ONNX by functions of its own");
  }

  private static GraphReader start(GraphProto graph) {
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    // Up to IR version 3, files list their initialisers among the inputs.
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.contains(i.getName())).toList();
    ModelFormatException.unless(
        inputs.size() == 1 && graph.getOutputCount() == 1,
        String.format(
            Locale.ROOT,
            "it has %d inputs and %d outputs, only one of each is supported",
            inputs.size(),
            graph.getOutputCount()));
    ModelFormatException.unless(
        graph.getSparseInitializerCount() == 0, "it has sparse initialisers");
    ValueInfoProto input = inputs.get(0);
    GraphReader reader = new GraphReader(input.getName(), sample(input), type(input), batch(input));
    graph.getInitializerList().forEach(tensor -> reader.define(tensor.getName(), tensor));
    return reader;
  }

  private static Shape sample(ValueInfoProto input) {
    TypeProto.Tensor type = input.getType().getTensorType();
    String what = "input '" + input.getName() + "' ";
    List<Dimension> axes = type.getShape().getDimList();
    ModelFormatException.unless(
        axes.size() >= 2, what + "has no axes for a batch and for a sample");
    long[] extents = axes.stream().skip(1).mapToLong(Dimension::getDimValue).toArray();
    for (long extent : extents) {
      ModelFormatException.unless(
          extent > 0 && extent <= Integer.MAX_VALUE,
          what + "has an axis without a fixed extent besides the batch");
    }
    return new Shape(extents);
  }

  private static DataType type(ValueInfoProto input) {
    return TensorReader.type(input.getType().getTensorType().getElemType())
        .orElseThrow(
            () ->
                new ModelFormatException(
                    "input '" + input.getName() + "' is neither float32 nor float64"));
  }

  /** The length of the batch axis; a name or nothing leaves it free. */
  private static OptionalLong batch(ValueInfoProto input) {
    Dimension axis = input.getType().getTensorType().getShape().getDim(0);
    return axis.hasDimValue() && axis.getDimValue() > 0
        ? OptionalLong.of(axis.getDimValue())
        : OptionalLong.empty();
  }

  /** The node's name, or that of its result. */
  private static String name(NodeProto proto) {
    boolean named = !proto.getName().isEmpty() || proto.getOutputCount() == 0;
    return named ? proto.getName() : proto.getOutput(0);
  }

  private <T> T located(String where, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelFormatException | ShapeMismatch e) {
      throw ModelRefusal.refused("Model '" + model + "': " + where + e.getMessage() + ".", e);
    } catch (ArithmeticException tooLarge) {
      throw ModelRefusal.refused(
          "Model '" + model + "': " + where + "a number or shape is too large.", tooLarge);
    }
  }
}
