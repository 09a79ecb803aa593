package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.merlon.config.MerlonException;
import dev.merlon.config.NetworkPreset;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.Flatten;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Normalize;
import dev.merlon.model.network.Operation;
import dev.merlon.model.network.Relu;
import dev.merlon.model.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImportTest {
  private static final SampleModel MLP = SampleModel.preset(NetworkPreset.MLP, true);
  private static final SampleModel CNN = SampleModel.preset(NetworkPreset.CNN3, true);

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void parse_ofExportedNetwork_givesItBack(SampleModel model) {
    byte[] file = model.bytes();

    ImportedModel imported = OnnxImport.parse(file, model.name());

    assertThat(imported.network()).isEqualTo(rounded(model.network()));
    assertThat(imported.values()).isEqualTo(model.values());
    assertThat(imported.values().tensors().keySet())
        .containsExactlyElementsOf(model.network().parameters().keySet());
    assertThat(imported.warnings()).isEmpty();
    assertThat(imported.file()).isEqualTo(file);
    assertThat(OnnxExport.bytes(imported.network(), imported.values(), Map.of())).isEqualTo(file);
  }

  @Test
  void parse_ofExportedNetwork_namesTheFilesDigest() {
    String digest = OnnxImport.parse(MLP.bytes(), "m").sha256();

    assertThat(digest).matches("[0-9a-f]{64}");
    assertThat(OnnxImport.parse(MLP.bytes(), "other name").sha256()).isEqualTo(digest);
    assertThat(OnnxImport.parse(CNN.bytes(), "m").sha256()).isNotEqualTo(digest);
  }

  @Test
  void parse_ofNodesNamedLikeTensors_givesThemBack() {
    Network.Builder builder = Network.builder(new Shape(2, 3, 3));
    builder.append("logits", new Normalize(List.of(0.5, 0.25), List.of(0.5, 2.0)));
    builder.append("logits:centered", new Relu());
    builder.append("input", new Flatten());
    builder.append("input.weight", new Linear(18, 4, true));
    builder.append("logits:0", new Linear(4, 2, true));
    SampleModel model = SampleModel.drawn("awkward", builder.build(), 3);

    assertThat(OnnxImport.parse(model.bytes(), "m").network()).isEqualTo(model.network());
    assertThat(model.bytes()).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  @Test
  void parse_ofFixedBatch_givesTheSameNetwork() {
    ImportedModel imported = OnnxImport.parse(EditedModel.fixedBatch(CNN, 1), "m");

    assertThat(imported.network()).isEqualTo(rounded(CNN.network()));
  }

  @Test
  void parse_ofTransposedGemm_givesTheSameWeights() {
    byte[] file =
        EditedModel.graph(
            MLP,
            graph -> {
              graph.getNodeBuilderList().stream()
                  .filter(node -> node.getOpType().equals("Gemm"))
                  .forEach(NodeProto.Builder::clearAttribute);
              for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
                if (tensor.getName().startsWith("linear") && tensor.getDimsCount() == 2) {
                  transpose(tensor);
                }
              }
            });

    assertThat(OnnxImport.parse(file, "m").values()).isEqualTo(MLP.values());
    assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  @Test
  void parse_ofTypedFloatData_givesTheSameWeights() {
    byte[] file =
        EditedModel.tensors(
            MLP,
            tensor -> {
              TensorProto.Builder typed = tensor.toBuilder().clearRawData();
              for (float value : TensorReader.float32(tensor).toFloats()) {
                typed.addFloatData(value);
              }
              return typed.build();
            });

    assertThat(OnnxImport.parse(file, "m").values()).isEqualTo(MLP.values());
  }

  @Test
  void parse_ofConstantNodesAndIdentities_givesTheSameNetwork() {
    byte[] file = EditedModel.graph(CNN, OnnxImportTest::withConstantsAndIdentities);

    ImportedModel imported = OnnxImport.parse(file, "m");

    assertThat(imported.network()).isEqualTo(rounded(CNN.network()));
    assertThat(imported.values()).isEqualTo(CNN.values());
    assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  @Test
  void parse_ofSubWithoutDiv_dividesByOne() {
    byte[] file =
        EditedModel.graph(
            CNN,
            graph -> {
              NodeProto.Builder conv = node(graph, "conv1");
              conv.setInput(0, "normalize:centered");
            });

    ImportedModel imported = OnnxImport.parse(file, "m");

    assertThat(imported.network().nodes().get(0).operation())
        .isInstanceOfSatisfying(
            Normalize.class, n -> assertThat(n.std()).containsExactly(1.0, 1.0, 1.0));
    assertThat(imported.warnings()).singleElement().asString().contains("1 operator");
    assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  @Test
  void parse_ofDivWithoutSub_subtractsZero() {
    byte[] file = EditedModel.node(CNN, "normalize", node -> node.setInput(0, "input"));

    ImportedModel imported = OnnxImport.parse(file, "m");

    assertThat(imported.network().nodes().get(0).operation())
        .isInstanceOfSatisfying(
            Normalize.class, n -> assertThat(n.mean()).containsExactly(0.0, 0.0, 0.0));
    assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  @Test
  void parse_ofUnnamedAndDoublyNamedNodes_namesThemApart() {
    byte[] file =
        EditedModel.graph(
            CNN,
            graph ->
                graph
                    .getNodeBuilderList()
                    .forEach(
                        node -> {
                          boolean conv = node.getOpType().equals("Conv");
                          node.setName(conv ? "conv" : "");
                        }));

    List<String> names =
        OnnxImport.parse(file, "m").network().nodes().stream().map(n -> n.name()).toList();

    assertThat(names).doesNotHaveDuplicates().contains("conv", "conv#2", "relu1:0", "logits");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1000})
  void parse_ofCutFile_isRefusedInOneLine(int kept) {
    byte[] file = Arrays.copyOf(CNN.bytes(), kept);

    assertRefused(file, "'m'");
  }

  @Test
  void parse_ofFileCutAnywhere_isRefused() {
    byte[] file = MLP.bytes();
    for (int kept = 1; kept < file.length; kept += 997) {
      assertRefused(Arrays.copyOf(file, kept), "'m'");
    }
  }

  @Test
  void parse_ofChangedBytes_isRefusedInOneLineOrRead() {
    byte[] file = MLP.bytes();
    RandomGenerator random = new SplittableRandom(5);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = file.clone();
      int from = i % 2 == 0 ? damaged.length - 600 : 0;
      damaged[from + random.nextInt(600)] = (byte) random.nextInt(256);
      try {
        OnnxImport.parse(damaged, "m");
      } catch (MerlonException e) {
        refused++;
        assertThat(e.failure().message()).doesNotContain("\n");
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void parse_ofOtherContent_isRefused() {
    assertRefused(new byte[0], "empty");
    assertRefused("hello, this is text".getBytes(StandardCharsets.UTF_8), "not an ONNX file");
    assertRefused(new byte[] {0x08, 0x08}, "no graph");
  }

  @Test
  void parse_ofUnknownOperator_namesOperatorAndNode() {
    byte[] file = EditedModel.node(CNN, "relu2", node -> node.setOpType("Selu"));

    assertRefused(file, "node 'relu2' (Selu): the operator is not supported");
    assertThatThrownBy(() -> OnnxImport.parse(file, "m"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> assertThat(e.failure().remedy()).contains("BatchNormalization, Constant, Conv"));
  }

  @Test
  void parse_ofForeignDomain_isRefused() {
    assertRefused(
        EditedModel.node(CNN, "relu2", node -> node.setDomain("com.microsoft")), "com.microsoft");
  }

  @Test
  void parse_ofUnsupportedConvolutions_namesTheAttribute() {
    assertConvRefused(GraphWriter.attribute("pads", List.of(2L, 2L, 1L, 2L)), "pads [2, 2, 1, 2]");
    assertConvRefused(GraphWriter.attribute("pads", List.of(2L, 2L)), "pads [2, 2]");
    assertConvRefused(GraphWriter.attribute("pads", List.of(-1L, 2L, -1L, 2L)), "pads");
    assertConvRefused(GraphWriter.attribute("dilations", List.of(2L, 1L)), "dilations [2, 1]");
    assertConvRefused(GraphWriter.attribute("group", 3), "group 3");
    assertConvRefused(GraphWriter.attribute("kernel_shape", List.of(3L, 3L)), "kernel_shape");
    assertConvRefused(GraphWriter.attribute("strides", List.of(0L, 1L)), "stride");
    assertConvRefused(GraphWriter.attribute("strange", 1), "[strange]");
    assertConvRefused(text("auto_pad", "SAME_UPPER"), "auto_pad SAME_UPPER");
    assertConvRefused(GraphWriter.attribute("auto_pad", 1), "auto_pad is not of type STRING");
  }

  @Test
  void parse_ofUnsupportedGemms_namesTheAttribute() {
    assertNodeRefused("linear1", GraphWriter.attribute("alpha", 0.5f), "alpha 0.5");
    assertNodeRefused("linear1", GraphWriter.attribute("beta", 0f), "beta 0.0");
    assertNodeRefused("linear1", GraphWriter.attribute("transA", 1), "transA 1");
    assertNodeRefused("linear1", GraphWriter.attribute("transB", 0), "does not fit 128 outputs");
  }

  @Test
  void parse_ofTrainingBatchNorm_isRefused() {
    assertNodeRefused("bn1", GraphWriter.attribute("training_mode", 1), "training_mode 1");
    assertNodeRefused("bn1", GraphWriter.attribute("epsilon", -1f), "epsilon");
    assertRefused(
        EditedModel.node(CNN, "bn1", node -> node.addOutput("a").addOutput("b")), "first result");
    assertRefused(
        EditedModel.tensor(CNN, "bn1.running_var", t -> t.setRawData(floats(1, -1e-3f, 1, 1))),
        "negative");
  }

  @Test
  void parse_ofOtherAxes_isRefused() {
    assertNodeRefused("flatten", GraphWriter.attribute("axis", 2), "axis 2");
    assertNodeRefused("flatten", GraphWriter.attribute("axis", 0), "axis 0");
    assertThat(
            OnnxImport.parse(
                    EditedModel.attribute(CNN, "flatten", GraphWriter.attribute("axis", -3)), "m")
                .network())
        .isEqualTo(rounded(CNN.network()));
  }

  @Test
  void parse_ofDamagedTensors_namesThem() {
    assertTensorRefused(t -> t.setDataType(TensorProto.DataType.DOUBLE_VALUE), "DOUBLE");
    assertTensorRefused(t -> t.setDataType(TensorProto.DataType.FLOAT16_VALUE), "FLOAT16");
    assertTensorRefused(t -> t.setRawData(ByteString.EMPTY), "0 bytes");
    assertTensorRefused(t -> t.clearRawData(), "0 values");
    assertTensorRefused(t -> t.setDims(0, Long.MAX_VALUE), "impossible shape");
    assertTensorRefused(t -> t.setDims(0, -4), "impossible shape");
    assertTensorRefused(t -> t.setRawData(floats(1, Float.NaN, 0, 0)), "NaN");
    assertTensorRefused(t -> t.setDataLocation(TensorProto.DataLocation.EXTERNAL), "another file");
    assertTensorRefused(t -> t.clearDims().addDims(2).addDims(2), "shape (2, 2)");
  }

  @Test
  void parse_ofOtherGraphs_isRefused() {
    assertRefused(
        EditedModel.graph(CNN, g -> g.addInput(g.getInput(0).toBuilder().setName("x2"))),
        "2 inputs");
    assertRefused(
        EditedModel.graph(CNN, g -> g.addOutput(g.getOutput(0).toBuilder().setName("conv1:0"))),
        "2 outputs");
    assertRefused(EditedModel.graph(CNN, g -> g.getOutputBuilder(0).setName("none")), "'none'");
    assertRefused(EditedModel.graph(CNN, g -> g.getOutputBuilder(0).setName("relu2:0")), "logits");
    assertRefused(EditedModel.graph(CNN, GraphProto.Builder::clearInitializer), "constant");
    assertRefused(EditedModel.node(CNN, "conv2", n -> n.setInput(0, "nowhere")), "'nowhere'");
    assertRefused(EditedModel.node(CNN, "conv2", n -> n.addInput("input")), "operand(s)");
    assertRefused(EditedModel.node(CNN, "relu2", n -> n.setOutput(0, "relu1:0")), "relu2");
    assertRefused(EditedModel.model(CNN, m -> m.setIrVersion(99)), "IR version 99");
    assertRefused(
        EditedModel.model(CNN, m -> m.getOpsetImportBuilder(0).setVersion(99)), "operator set 99");
    assertRefused(EditedModel.model(CNN, m -> m.clearOpsetImport()), "operator set");
  }

  @Test
  void parse_ofConstantOperands_isRefused() {
    SampleModel residual = SampleModel.residual();
    assertRefused(
        EditedModel.node(residual, "sum", n -> n.setInput(1, "right.bias")), "adding a constant");
    assertRefused(
        EditedModel.graph(
            CNN, g -> g.getNodeBuilder(0).setInput(0, "normalize.mean").setInput(1, "input")),
        "second operand");
    assertRefused(
        EditedModel.tensor(
            CNN, "normalize.mean", t -> t.clearDims().addDims(3).setRawData(floats(1, 2, 3))),
        "not one value for each");
  }

  private static void assertConvRefused(AttributeProto attribute, String expected) {
    assertNodeRefused("conv1", attribute, expected);
  }

  private static void assertNodeRefused(String node, AttributeProto attribute, String expected) {
    assertRefused(EditedModel.attribute(CNN, node, attribute), expected);
    assertRefused(EditedModel.attribute(CNN, node, attribute), "node '" + node + "'");
  }

  private static void assertTensorRefused(Consumer<TensorProto.Builder> edit, String expected) {
    assertRefused(EditedModel.tensor(CNN, "conv1.bias", edit), expected);
    assertRefused(EditedModel.tensor(CNN, "conv1.bias", edit), "conv1");
  }

  private static void assertRefused(byte[] file, String expected) {
    assertThatThrownBy(() -> OnnxImport.parse(file, "m"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo("model-format");
              assertThat(e.failure().message()).contains(expected).doesNotContain("\n");
            });
  }

  /** Our interpretation of a file against ONNX Runtime's. */
  private static void agreesWithRuntime(byte[] file) {
    ImportedModel imported = OnnxImport.parse(file, "m");
    int n = 3;
    float[] inputs = SampleModel.inputs(imported.network().inputShape(), n);
    double[][] ours =
        SampleModel.logits(imported.network(), imported.values(), inputs, n, DataType.FLOAT32);
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      Agreement.assertClose(session.logits(inputs, n), ours, 1e-4);
    }
  }

  /** The network with the constants that ONNX keeps in float32. */
  private static Network rounded(Network network) {
    Network.Builder builder = Network.builder(network.inputShape());
    network
        .nodes()
        .forEach(
            node -> {
              Operation operation = node.operation();
              if (operation instanceof Normalize normalize) {
                operation = new Normalize(rounded(normalize.mean()), rounded(normalize.std()));
              } else if (operation instanceof BatchNorm norm) {
                operation = new BatchNorm(norm.features(), (float) norm.epsilon(), norm.momentum());
              }
              builder.add(node.name(), operation, node.inputs().toArray(Integer[]::new));
            });
    return builder.build();
  }

  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(value -> (double) value.floatValue()).toList();
  }

  private static NodeProto.Builder node(GraphProto.Builder graph, String name) {
    return graph.getNodeBuilderList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void withConstantsAndIdentities(GraphProto.Builder graph) {
    GraphProto original = graph.build();
    graph.clearInitializer().clearNode();
    for (TensorProto tensor : original.getInitializerList()) {
      AttributeProto value =
          AttributeProto.newBuilder()
              .setName("value")
              .setType(AttributeProto.AttributeType.TENSOR)
              .setT(tensor)
              .build();
      String raw = tensor.getName() + "/raw";
      graph.addNode(
          NodeProto.newBuilder().setOpType("Constant").addOutput(raw).addAttribute(value));
      graph.addNode(identity(raw, tensor.getName()));
    }
    for (NodeProto node : original.getNodeList()) {
      String result = node.getOutput(0);
      graph.addNode(node.toBuilder().setOutput(0, result + "/raw"));
      graph.addNode(identity(result + "/raw", result));
    }
  }

  private static NodeProto identity(String from, String to) {
    return NodeProto.newBuilder().setOpType("Identity").addInput(from).addOutput(to).build();
  }

  private static void transpose(TensorProto.Builder tensor) {
    int rows = Math.toIntExact(tensor.getDims(0));
    int columns = Math.toIntExact(tensor.getDims(1));
    float[] values = TensorReader.float32(tensor.build()).toFloats();
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[(i % columns) * rows + i / columns] = values[i];
    }
    tensor.setDims(0, columns).setDims(1, rows).setRawData(floats(turned));
  }

  private static ByteString floats(float... values) {
    return ByteString.copyFrom(HostTensor.of(values, values.length).toByteArray());
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }
}
