package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.tensor.HostTensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRefusalTest {
  private static final SampleModel MLP = SampleModel.preset(NetworkPreset.MLP, true);
  private static final SampleModel CNN = SampleModel.preset(NetworkPreset.CNN3, true);

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
            e -> assertThat(e.failure().remedy()).contains("BatchNormalization, C"));
  }

  @Test
  void parse_ofForeignDomain_isRefused() {
    assertRefused(
        EditedModel.node(CNN, "relu2", node -> node.setDomain("com.microsoft")), "com.microsoft");
  }

  @Test
  void parse_ofUnsupportedConvolutions_namesTheAttribute() {
    assertConvRefused(GraphWriter.attribute("pads", List.of(2L, 2L)), "pads [2, 2]");
    assertConvRefused(GraphWriter.attribute("pads", List.of(-1L, 2L, -1L, 2L)), "pads");
    assertConvRefused(GraphWriter.attribute("dilations", List.of(0L, 1L)), "positive dilation");
    assertConvRefused(GraphWriter.attribute("dilations", List.of(2L)), "dilations [2]");
    assertConvRefused(GraphWriter.attribute("dilations", List.of(9L, 1L)), "does not fit");
    assertConvRefused(GraphWriter.attribute("group", 3), "3 groups do not divide");
    assertConvRefused(GraphWriter.attribute("group", 0), "group 0");
    assertConvRefused(GraphWriter.attribute("group", 1L << 40), "group 1099511627776");
    assertConvRefused(GraphWriter.attribute("kernel_shape", List.of(3L, 3L)), "kernel_shape");
    assertConvRefused(GraphWriter.attribute("strides", List.of(0L, 1L)), "stride");
    assertConvRefused(GraphWriter.attribute("strange", 1), "[strange]");
    assertConvRefused(text("auto_pad", "SAME"), "auto_pad SAME");
    assertConvRefused(GraphWriter.attribute("auto_pad", 1), "auto_pad is not of type STRING");
  }

  @Test
  void parse_ofUnsupportedPools_namesTheAttribute() {
    assertPoolRefused("max", GraphWriter.attribute("storage_order", 1), "storage_order 1");
    assertPoolRefused(
        "max", GraphWriter.attribute("dilations", List.of(2L, 1L)), "dilated windows");
    assertPoolRefused(
        "max", GraphWriter.attribute("kernel_shape", List.of(2L)), "kernel_shape [2]");
    assertPoolRefused(
        "max", GraphWriter.attribute("pads", List.of(2L, 0L, 2L, 0L)), "half a window");
    assertPoolRefused("max", GraphWriter.attribute("strides", List.of(0L, 1L)), "stride");
    assertPoolRefused(
        "counted", GraphWriter.attribute("ceil_mode", 1), "fill the padded image exactly");
    assertPoolRefused("counted", GraphWriter.attribute("p", 2), "[p]");
    assertPoolRefused("max", text("auto_pad", "SAME_UPPER"), "one side more than the other");
  }

  @Test
  void parse_ofSteepOrNegativeLeak_isRefused() {
    SampleModel model = SampleModel.everyOperation();
    for (float alpha : new float[] {-0.1f, 1.5f, Float.NaN}) {
      byte[] file = EditedModel.attribute(model, "leaky", GraphWriter.attribute("alpha", alpha));
      assertRefused(file, "node 'leaky' (LeakyRelu): a leaky rectifier needs a slope");
    }
  }

  private static void assertPoolRefused(String node, AttributeProto attribute, String because) {
    byte[] file = EditedModel.attribute(SampleModel.pools(), node, attribute);
    assertRefused(file, "node '" + node + "'");
    assertRefused(file, because);
  }

  @Test
  void parse_ofUnsupportedGemms_namesTheAttribute() {
    assertNodeRefused("linear1", GraphWriter.attribute("beta", 0.3f), "beta 0.3");
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
        .isEqualTo(CNN.asStored());
  }

  @Test
  void parse_ofDamagedTensors_namesThem() {
    assertTensorRefused(t -> t.setDataType(TensorProto.DataType.DOUBLE_VALUE), "16 bytes");
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
    assertRefused(EditedModel.graph(CNN, GraphProto.Builder::clearInitializer), "normalize.mean");
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
    assertRefused(
        EditedModel.node(
            SampleModel.residual(),
            "sum",
            n -> n.setInput(0, "left.weight").setInput(1, "right.bias")),
        "only one constant operand");
    assertRefused(
        EditedModel.node(SampleModel.residual(), "sum", n -> n.setOpType("Mul")),
        "node 'sum' (Mul): of two computed values only sums and differences");
    assertRefused(
        EditedModel.graph(
            CNN,
            g ->
                g.getNodeBuilder(1).setInput(0, "normalize.std").setInput(1, "normalize:centered")),
        "a constant divided by computed values");
    assertRefused(
        EditedModel.tensor(
            CNN, "normalize.mean", t -> t.clearDims().addDims(3).setRawData(floats(1, 2, 3))),
        "does not fit an input of shape (3, 16, 16)");
    assertRefused(
        EditedModel.tensor(CNN, "normalize.std", t -> t.setRawData(floats(1, 0, 3))),
        "divisor is 0");
  }

  @Test
  void read_ofPathsWithoutModel_saysWhichAndWhy(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.onnx");
    assertReadRefused(missing, "There is no model file '" + missing + "'.");
    assertReadRefused(folder, "is not a file");
    assertReadRefused(Files.createFile(folder.resolve("empty.onnx")), "is empty");
    Path huge = folder.resolve("huge.onnx");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    assertReadRefused(huge, "has 3072 MiB; at most 512 MiB are read");
  }

  @Test
  void read_ofNamesWithLineBreaks_staysOneLine() {
    byte[] file = EditedModel.node(CNN, "relu2", n -> n.setName("a\nb").setOpType("x".repeat(999)));

    assertRefused(file, "node 'a b'");
  }

  @Test
  void parse_ofRearrangementsOfTheBatch_isRefused() {
    SampleModel model = SampleModel.channelsLast();
    assertRefused(
        EditedModel.attribute(
            model, "to-front", GraphWriter.attribute("perm", List.of(3L, 0L, 1L, 2L))),
        "node 'to-front' (Transpose): perm [3, 0, 1, 2] moves the batch axis");
    assertRefused(
        EditedModel.attribute(
            model, "to-front", GraphWriter.attribute("perm", List.of(0L, 1L, 1L, 2L))),
        "each of 4 axes once");
    assertRefused(
        EditedModel.tensor(model, "rows.shape", t -> t.setInt64Data(0, 2)),
        "node 'rows' (Reshape): its shape [2, 12, 24] does not keep the batch");
    assertRefused(
        EditedModel.tensor(model, "rows.shape", t -> t.setInt64Data(1, 5)), "does not hold");
    assertRefused(EditedModel.attribute(model, "both", GraphWriter.attribute("axis", 0)), "axis 0");
    assertRefused(
        EditedModel.tensor(model, "pad.pads", t -> t.setInt64Data(0, 1)), "change the batch");
    assertRefused(
        EditedModel.tensor(model, "pad.pads", t -> t.setInt64Data(1, -1)), "counts from 0");
    assertRefused(EditedModel.attribute(model, "pad", text("mode", "edge")), "mode edge");
  }

  @Test
  void parse_ofSoftmaxElsewhere_isRefused() {
    assertRefused(
        EditedModel.node(CNN, "relu2", node -> node.setOpType("Softmax")),
        "node 'relu2' (Softmax): it is only supported as the last operator, over the classes");
  }

  private static void assertReadRefused(Path path, String expected) {
    assertThatThrownBy(() -> OnnxImport.read(path))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo("model-format");
              assertThat(e.failure().message()).contains(expected).doesNotContain("\n");
              assertThat(e.failure().remedy()).isNotBlank();
            });
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
