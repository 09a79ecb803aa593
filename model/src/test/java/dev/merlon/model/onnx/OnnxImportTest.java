package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.TensorReader;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxImportTest {
  private static final SampleModel MLP = SampleModel.preset(NetworkPreset.MLP, true);
  private static final SampleModel CNN = SampleModel.preset(NetworkPreset.CNN3, true);

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void parse_ofExportedNetwork_givesItBack(SampleModel model) {
    byte[] file = model.bytes();

    ImportedModel imported = OnnxImport.parse(file, model.name());

    assertThat(imported.network()).isEqualTo(model.asStored());
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

    assertThat(imported.network()).isEqualTo(CNN.asStored());
  }

  @Test
  void parse_ofAutomaticPadding_agreesWithOnnxRuntime() {
    SampleModel model = SampleModel.everyOperation();
    for (String mode : List.of("VALID", "SAME_UPPER", "SAME_LOWER")) {
      AttributeProto automatic =
          AttributeProto.newBuilder()
              .setName("auto_pad")
              .setType(AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(mode))
              .build();
      byte[] file =
          EditedModel.graph(
              model,
              graph ->
                  graph.getNodeBuilderList().stream()
                      .filter(node -> List.of("depthwise", "max").contains(node.getName()))
                      .forEach(node -> replacePads(node, automatic)));

      assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
    }
  }

  @Test
  void parse_ofPoolWithoutAttributes_takesOnnxsDefaults() {
    byte[] file =
        EditedModel.node(
            SampleModel.everyOperation(),
            "average",
            node -> {
              AttributeProto kernel = GraphWriter.attribute("kernel_shape", List.of(2L, 3L));
              node.clearAttribute().addAttribute(kernel);
            });

    assertThat(OnnxImport.parse(file, "m").network().nodes())
        .anySatisfy(
            node ->
                assertThat(node.operation())
                    .isEqualTo(
                        new AveragePool(
                            new Windows(new Extent(2, 3), Extent.square(1), Extent.square(0)),
                            false)));
    assertThat(file).satisfies(OnnxImportTest::agreesWithRuntime);
  }

  private static void replacePads(NodeProto.Builder node, AttributeProto automatic) {
    for (int i = node.getAttributeCount() - 1; i >= 0; i--) {
      if (node.getAttribute(i).getName().equals("pads")) {
        node.removeAttribute(i);
      }
    }
    node.addAttribute(automatic);
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
              for (float value : TensorReader.real(tensor).toFloats()) {
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

    assertThat(imported.network()).isEqualTo(CNN.asStored());
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

  @Test
  void read_ofFile_isParseOfItsBytes(@TempDir Path folder) throws IOException {
    Path path = Files.write(folder.resolve("model.onnx"), CNN.bytes());

    ImportedModel model = OnnxImport.read(path);

    assertThat(model.name()).isEqualTo(path.toString());
    assertThat(model.file()).isEqualTo(CNN.bytes());
    assertThat(model.values()).isEqualTo(CNN.values());
  }

  /** Our interpretation of a file against ONNX Runtime's. */
  private static void agreesWithRuntime(byte[] file) {
    ImportedModel imported = OnnxImport.parse(file, "m");
    int n = 3;
    float[] inputs = SampleModel.inputs(imported.network().inputShape(), n);
    double[][] ours =
        SampleModel.logits(imported.network(), imported.values(), inputs, n, DataType.FLOAT32);
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      Agreement.assertClose(session.outputs(inputs, n), ours, 1e-4);
    }
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
    float[] values = TensorReader.real(tensor.build()).toFloats();
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[(i % columns) * rows + i / columns] = values[i];
    }
    tensor.setDims(0, columns).setDims(1, rows).setRawData(floats(turned));
  }

  private static ByteString floats(float... values) {
    return ByteString.copyFrom(HostTensor.of(values, values.length).toByteArray());
  }
}
