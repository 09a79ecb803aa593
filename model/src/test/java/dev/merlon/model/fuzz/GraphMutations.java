package dev.merlon.model.fuzz;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damage to a model that leaves it a well-formed file. */
final class GraphMutations {
  private static final long[] VERSIONS = {-1, 0, 1, 2, 3, 6, 7, 8, 10, 12, 13, 14, 18, 26, 27, 99};
  private static final int LONGEST_CHAIN = 30_000;

  private GraphMutations() {}

  /** A damage, now and then two. */
  static byte[] of(byte[] file, RandomGenerator random) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(file).toBuilder();
      for (int i = 1 + random.nextInt(4) / 3; i > 0; i--) {
        once(model, random);
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a seed is a valid file", e);
    }
  }

  private static void once(ModelProto.Builder model, RandomGenerator random) {
    GraphProto.Builder graph = model.getGraphBuilder();
    switch (random.nextInt(20)) {
      case 0 -> versions(model, random);
      case 1 -> model.addFunctions(function(random));
      case 2 -> ends(graph, random);
      case 3, 4 -> interfaces(graph, random);
      case 5 -> grow(graph, random);
      case 6 -> dead(graph, random);
      case 7 -> graph.addValueInfo(described(graph, random));
      case 8, 9, 10, 11, 12 -> TensorMutations.apply(graph, random);
      default -> NodeMutations.apply(graph, random);
    }
  }

  private static void versions(ModelProto.Builder model, RandomGenerator random) {
    long version = VERSIONS[random.nextInt(VERSIONS.length)];
    OperatorSetIdProto.Builder set = OperatorSetIdProto.newBuilder().setVersion(version);
    switch (random.nextInt(4)) {
      case 0 -> model.setIrVersion(version);
      case 1 -> model.addOpsetImport(set.setDomain(ExtremeValues.name(random)));
      case 2 -> model.clearOpsetImport();
      default -> model.clearOpsetImport().addOpsetImport(set);
    }
  }

  private static FunctionProto function(RandomGenerator random) {
    return FunctionProto.newBuilder()
        .setDomain(random.nextBoolean() ? "local" : "")
        .setName(random.nextBoolean() ? "Relu" : ExtremeValues.name(random))
        .addInput("a")
        .addOutput("b")
        .addNode(NodeProto.newBuilder().setOpType("Relu").addInput("a").addOutput("b"))
        .build();
  }

  private static void ends(GraphProto.Builder graph, RandomGenerator random) {
    if (graph.getInputCount() == 0 || graph.getOutputCount() == 0) {
      return;
    }
    switch (random.nextInt(6)) {
      case 0 -> graph.clearOutput();
      case 1 -> graph.addOutput(graph.getOutputBuilderList().get(0).build());
      case 2 -> graph.getOutputBuilder(0).setName(node(graph, random));
      case 3 -> graph.getInputBuilder(0).setName(node(graph, random));
      case 4 -> graph.addInput(described(graph, random));
      default -> graph.clearInput();
    }
  }

  /** Types and extents of input or output. */
  private static void interfaces(GraphProto.Builder graph, RandomGenerator random) {
    boolean input = random.nextBoolean();
    if (input ? graph.getInputCount() == 0 : graph.getOutputCount() == 0) {
      return;
    }
    ValueInfoProto.Builder end = input ? graph.getInputBuilder(0) : graph.getOutputBuilder(0);
    var tensor = end.getTypeBuilder().getTensorTypeBuilder();
    TensorShapeProto.Builder shape = tensor.getShapeBuilder();
    int axes = shape.getDimCount();
    switch (random.nextInt(6)) {
      case 0 -> tensor.setElemType(random.nextInt(20));
      case 1 -> end.getTypeBuilder().getSequenceTypeBuilder().getElemTypeBuilder();
      case 2 -> shape.addDimBuilder().setDimValue(ExtremeValues.whole(random));
      case 3 -> tensor.clearShape();
      default -> {
        if (axes > 0) {
          shape.getDimBuilder(random.nextInt(axes)).setDimValue(ExtremeValues.whole(random));
        }
      }
    }
  }

  /** Many operators on the input, or few whose results grow. */
  private static void grow(GraphProto.Builder graph, RandomGenerator random) {
    if (graph.getInputCount() == 0 || graph.getNodeCount() == 0) {
      return;
    }
    int kind = random.nextInt(5);
    int length = kind < 2 ? random.nextInt(LONGEST_CHAIN) : 1 + random.nextInt(40);
    String last = graph.getInput(0).getName();
    for (int i = 0; i < length; i++) {
      NodeProto.Builder node = NodeProto.newBuilder().addInput(last);
      switch (kind) {
        case 0 -> node.setOpType("Relu");
        case 1 -> node.setOpType(random.nextBoolean() ? "Identity" : "Dropout");
        case 2 -> node.setOpType("Add").addInput(last);
        case 3 -> node.setOpType("Concat").addInput(last).addAttribute(number("axis", 1));
        default -> node.setOpType("Pad").addAttribute(pads(graph, random));
      }
      last = "grown" + i;
      graph.addNode(i, node.addOutput(last));
    }
    for (int i = length; i < graph.getNodeCount(); i++) {
      NodeProto.Builder node = graph.getNodeBuilder(i);
      if (node.getInputCount() > 0 && node.getInput(0).equals(graph.getInput(0).getName())) {
        node.setInput(0, last);
      }
    }
  }

  private static AttributeProto pads(GraphProto.Builder graph, RandomGenerator random) {
    int axes = graph.getInput(0).getType().getTensorType().getShape().getDimCount();
    AttributeProto.Builder pads =
        AttributeProto.newBuilder().setName("pads").setType(AttributeProto.AttributeType.INTS);
    for (int i = 0; i < 2 * axes; i++) {
      pads.addInts(i % Math.max(1, axes) == 0 ? 0 : random.nextInt(Short.MAX_VALUE));
    }
    return pads.build();
  }

  private static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** Operators that nothing takes the result of, and that would need much memory. */
  private static void dead(GraphProto.Builder graph, RandomGenerator random) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("much")
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(2)
            .addInt64Data(Math.abs(ExtremeValues.whole(random) % (100L << 30)))
            .addInt64Data(1 + random.nextInt(4)));
    String operator =
        ExtremeValues.of(List.of("ConstantOfShape", "Expand", "Tile", "Reshape", "Relu"), random);
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).addOutput("dead");
    if (!operator.equals("ConstantOfShape")) {
      node.addInput(node(graph, random));
    }
    graph.addNode(node.addInput("much"));
  }

  private static ValueInfoProto described(GraphProto.Builder graph, RandomGenerator random) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(node(graph, random));
    info.getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(1 + random.nextInt(11))
        .getShapeBuilder()
        .addDimBuilder()
        .setDimValue(ExtremeValues.whole(random));
    return info.build();
  }

  private static String node(GraphProto.Builder graph, RandomGenerator random) {
    if (graph.getNodeCount() == 0) {
      return ExtremeValues.name(random);
    }
    NodeProto node = graph.getNode(random.nextInt(graph.getNodeCount()));
    return node.getOutputCount() == 0 ? "" : node.getOutput(0);
  }
}
