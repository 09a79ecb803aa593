package dev.merlon.model.fuzz;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damage to the operators of a graph. */
final class NodeMutations {
  private static final List<String> OPERATORS =
      List.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Conv",
          "Gemm",
          "MatMul",
          "BatchNormalization",
          "Relu",
          "LeakyRelu",
          "Sigmoid",
          "Tanh",
          "Flatten",
          "Reshape",
          "Transpose",
          "Concat",
          "Pad",
          "AveragePool",
          "GlobalAveragePool",
          "MaxPool",
          "Constant",
          "Identity",
          "Dropout",
          "Clip",
          "Cast",
          "Softmax",
          "LogSoftmax",
          "If",
          "Loop",
          "Shape",
          "Gather",
          "Expand",
          "Tile",
          "ConstantOfShape",
          "Selu",
          "Squeeze",
          "",
          "relu");
  private static final List<String> ATTRIBUTES =
      List.of(
          "axis",
          "pads",
          "strides",
          "dilations",
          "kernel_shape",
          "group",
          "auto_pad",
          "perm",
          "transA",
          "transB",
          "alpha",
          "beta",
          "epsilon",
          "momentum",
          "to",
          "min",
          "max",
          "value",
          "ceil_mode",
          "count_include_pad",
          "storage_order",
          "allowzero",
          "mode",
          "training_mode");
  private static final List<String> WORDS =
      List.of("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "constant", "reflect", "", "x");

  // Readers of the format give up at 100 messages within each other, three to a level.
  private static final int DEEPEST = 40;

  private NodeMutations() {}

  static void apply(GraphProto.Builder graph, RandomGenerator random) {
    if (graph.getNodeCount() == 0) {
      return;
    }
    int at = random.nextInt(graph.getNodeCount());
    NodeProto.Builder node = graph.getNodeBuilder(at);
    switch (random.nextInt(14)) {
      case 0 -> graph.removeNode(at);
      case 1 -> graph.addNode(random.nextInt(graph.getNodeCount() + 1), node.build());
      case 2 -> swap(graph, at, random.nextInt(graph.getNodeCount()));
      case 3 -> node.setOpType(ExtremeValues.of(OPERATORS, random));
      case 4 -> node.setDomain(ExtremeValues.name(random));
      case 5 -> node.setName(ExtremeValues.name(random));
      case 6 -> outputs(node, random);
      case 7, 8 -> inputs(graph, node, random);
      default -> attributes(node, random);
    }
  }

  private static void swap(GraphProto.Builder graph, int a, int b) {
    NodeProto first = graph.getNode(a);
    graph.setNode(a, graph.getNode(b)).setNode(b, first);
  }

  private static void outputs(NodeProto.Builder node, RandomGenerator random) {
    switch (random.nextInt(4)) {
      case 0 -> node.clearOutput();
      case 1 -> node.addOutput(ExtremeValues.name(random));
      case 2 -> node.addOutput(node.getOutputCount() > 0 ? node.getOutput(0) : "y");
      default -> {
        if (node.getOutputCount() > 0) {
          node.setOutput(0, ExtremeValues.name(random));
        }
      }
    }
  }

  /** Among what an input may be set to are later results, which makes a cycle. */
  private static void inputs(
      GraphProto.Builder graph, NodeProto.Builder node, RandomGenerator random) {
    int count = node.getInputCount();
    switch (random.nextInt(5)) {
      case 0 -> node.addInput(tensor(graph, random));
      case 1 -> {
        List<String> kept = List.copyOf(node.getInputList());
        node.clearInput();
        kept.stream().skip(1).forEach(node::addInput);
      }
      default -> {
        if (count > 0) {
          node.setInput(random.nextInt(count), tensor(graph, random));
        }
      }
    }
  }

  private static String tensor(GraphProto.Builder graph, RandomGenerator random) {
    if (random.nextInt(3) == 0 && graph.getInitializerCount() > 0) {
      return graph.getInitializer(random.nextInt(graph.getInitializerCount())).getName();
    }
    NodeProto other = graph.getNode(random.nextInt(graph.getNodeCount()));
    return other.getOutputCount() == 0 || random.nextInt(8) == 0
        ? ExtremeValues.name(random)
        : other.getOutput(0);
  }

  private static void attributes(NodeProto.Builder node, RandomGenerator random) {
    int count = node.getAttributeCount();
    if (count == 0 || random.nextInt(3) == 0) {
      node.addAttribute(attribute(ExtremeValues.of(ATTRIBUTES, random), random));
      return;
    }
    int at = random.nextInt(count);
    AttributeProto.Builder attribute = node.getAttributeBuilder(at);
    switch (random.nextInt(6)) {
      case 0 -> node.removeAttribute(at);
      case 1 -> node.addAttribute(attribute.build());
      case 2 -> node.setAttribute(at, attribute(attribute.getName(), random));
      case 3 ->
          attribute.setType(
              ExtremeValues.of(List.of(AttributeProto.AttributeType.values()), random));
      default -> number(attribute, random);
    }
  }

  private static void number(AttributeProto.Builder attribute, RandomGenerator random) {
    int count = attribute.getIntsCount();
    if (count > 0) {
      if (random.nextInt(4) == 0) {
        attribute.addInts(ExtremeValues.whole(random));
      } else {
        attribute.setInts(random.nextInt(count), ExtremeValues.whole(random));
      }
    } else {
      attribute.setI(ExtremeValues.whole(random)).setF((float) ExtremeValues.real(random));
    }
  }

  private static GraphProto nested(int depth) {
    GraphProto inner = GraphProto.newBuilder().setName("inner").build();
    for (int i = 0; i < depth; i++) {
      AttributeProto.Builder body =
          AttributeProto.newBuilder()
              .setName("body")
              .setType(AttributeProto.AttributeType.GRAPH)
              .setG(inner);
      NodeProto.Builder node = NodeProto.newBuilder().setOpType("If").addAttribute(body);
      inner = GraphProto.newBuilder().setName("inner").addNode(node).build();
    }
    return inner;
  }

  private static AttributeProto attribute(String name, RandomGenerator random) {
    AttributeProto.Builder made = AttributeProto.newBuilder().setName(name);
    switch (random.nextInt(6)) {
      case 0 -> made.setType(AttributeProto.AttributeType.INT).setI(ExtremeValues.whole(random));
      case 1 ->
          made.setType(AttributeProto.AttributeType.FLOAT).setF((float) ExtremeValues.real(random));
      case 2 ->
          made.setType(AttributeProto.AttributeType.STRING)
              .setS(com.google.protobuf.ByteString.copyFromUtf8(ExtremeValues.of(WORDS, random)));
      case 3 ->
          made.setType(AttributeProto.AttributeType.TENSOR)
              .setT(
                  TensorProto.newBuilder()
                      .setDataType(1 + random.nextInt(12))
                      .addDims(ExtremeValues.whole(random))
                      .addFloatData((float) ExtremeValues.real(random)));
      case 4 ->
          made.setType(AttributeProto.AttributeType.GRAPH).setG(nested(random.nextInt(DEEPEST)));
      default -> {
        made.setType(AttributeProto.AttributeType.INTS);
        for (int i = random.nextInt(9); i > 0; i--) {
          made.addInts(ExtremeValues.whole(random));
        }
      }
    }
    return made.build();
  }
}
