package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by hand, an operator at a time, against ONNX Runtime. */
class OnnxOperatorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Div"})
  void parse_ofConstantsOfAnyShape_agreesWithOnnxRuntime(String operator) {
    for (long[] shape : new long[][] {{}, {4}, {3, 1}, {2, 1, 4}, {1, 2, 3, 4}, {1, 1, 1, 1}}) {
      agrees(HandWritten.of(-1, 2, 3, 4).constant("c", shape).then(operator, List.of("c")));
      if (!operator.equals("Div")) {
        HandWritten left = HandWritten.of(-1, 2, 3, 4).constant("c", shape);
        agrees(left.node(operator, List.of("c", "x")));
      }
    }
  }

  @Test
  void parse_ofConstantBehindWeights_isTheirBias() {
    HandWritten vector =
        HandWritten.of(-1, 6).constant("w", 6, 5).constant("b", 5).then("MatMul", List.of("w"));
    HandWritten image =
        HandWritten.of(-1, 2, 5, 5).constant("w", 3, 2, 3, 3).constant("b", 3, 1, 1);
    image.then("Conv", List.of("w"));

    assertThat(operations(vector.node("Add", List.of("b", vector.last())).ending(-1, 5)))
        .containsExactly(new Linear(6, 5, true));
    assertThat(operations(flat(image.then("Sub", List.of("b")), 27)).get(0))
        .isInstanceOfSatisfying(Conv2d.class, conv -> assertThat(conv.bias()).isTrue());
  }

  @Test
  void parse_ofMatMul_agreesWithOnnxRuntime() {
    agrees(HandWritten.of(-1, 6).constant("w", 6, 5).then("MatMul", List.of("w")));
    agrees(HandWritten.of(-1, 1, 6).constant("w", 6, 5).then("MatMul", List.of("w")));
    agrees(HandWritten.of(-1, 2, 3, 6).constant("w", 6, 5).then("MatMul", List.of("w")));
    HandWritten left = HandWritten.of(-1, 4, 6).constant("w", 5, 4);
    agrees(left.node("MatMul", List.of("w", "x")));
    HandWritten turned = HandWritten.of(1, 6).constant("w", 5, 6);
    agrees(turned.node("Transpose", List.of("w")).node("MatMul", List.of("x", turned.last())));
  }

  @ParameterizedTest
  @CsvSource({
    "0.3, 1, 0, 5",
    "1, 0, 1, 5",
    "1, 0.5, 0, 1",
    "-2, 4, 1, 5",
    "0.7, 0, 0, 5",
    "0.7, 2, 1, 1"
  })
  void parse_ofGemm_agreesWithOnnxRuntime(float alpha, float beta, int transposed, int bias) {
    AttributeProto[] attributes = {
      GraphWriter.attribute("alpha", alpha),
      GraphWriter.attribute("beta", beta),
      GraphWriter.attribute("transB", transposed)
    };
    long[] shape = transposed == 1 ? new long[] {5, 6} : new long[] {6, 5};
    for (HandWritten file : List.of(HandWritten.of(-1, 6), HandWritten.of(1, 6))) {
      file.constant("w", shape).constant("b", bias).then("Gemm", List.of("w", "b"), attributes);
      agrees(file);
    }
    agrees(HandWritten.of(-1, 6).constant("w", shape).then("Gemm", List.of("w"), attributes));
  }

  @Test
  void parse_ofPoolsWhoseWindowsFit_takesEitherRounding() {
    for (String operator : List.of("MaxPool", "AveragePool")) {
      AttributeProto[] attributes = {
        GraphWriter.attribute("kernel_shape", List.of(3L, 2L)),
        GraphWriter.attribute("strides", List.of(2L, 2L)),
        GraphWriter.attribute("pads", List.of(1L, 0L, 1L, 0L)),
        GraphWriter.attribute("ceil_mode", 1)
      };
      agrees(HandWritten.of(-1, 2, 5, 6).then(operator, List.of(), attributes));
    }
  }

  @Test
  void parse_ofRearrangements_agreesWithOnnxRuntime() {
    AttributeProto front = GraphWriter.attribute("perm", List.of(0L, 3L, 1L, 2L));
    agrees(HandWritten.of(-1, 4, 3, 2).then("Transpose", List.of(), front));
    for (long[] shape : new long[][] {{0, -1}, {-1, 12, 2}, {0, 0, 12}, {-1, 24}}) {
      HandWritten file = HandWritten.of(-1, 4, 3, 2).integers("s", shape);
      agrees(file.then("Transpose", List.of(), front).then("Reshape", List.of("s")));
    }
    agrees(HandWritten.of(1, 4, 6).integers("s", 1, -1).then("Reshape", List.of("s")));
  }

  @Test
  void parse_ofPadAndConcat_agreesWithOnnxRuntime() {
    HandWritten file =
        HandWritten.of(-1, 2, 3, 4).integers("p", 0, 1, 0, 2, 0, 0, 3, 1).constant("v");
    file.then("Pad", List.of("p", "v"));
    String padded = file.last();
    file.then("Relu", List.of());
    agrees(
        file.node(
            "Concat", List.of(padded, file.last(), padded), GraphWriter.attribute("axis", -2)));
    AttributeProto pads = GraphWriter.attribute("pads", List.of(0L, 0L, 1L, 0L, 0L, 0L, 0L, 2L));
    agrees(HandWritten.ofSet(10, -1, 2, 3, 4).then("Pad", List.of(), pads));
  }

  @ParameterizedTest
  @CsvSource({"0.2, 0.7", "0, 6", "-1, 0.5"})
  void parse_ofClip_agreesWithOnnxRuntime(double low, double high) {
    HandWritten file = HandWritten.of(-1, 2, 3);
    file.values("low", new double[] {low}).values("high", new double[] {high});
    agrees(file.then("Clip", List.of("low", "high")));
    agrees(
        HandWritten.ofSet(9, -1, 5)
            .then("Clip", List.of(), GraphWriter.attribute("max", (float) high)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER"})
  void parse_ofUnevenPadding_agreesWithOnnxRuntime(String mode) {
    AttributeProto same = text("auto_pad", mode);
    AttributeProto strides = GraphWriter.attribute("strides", List.of(2L, 1L));
    HandWritten conv = HandWritten.of(-1, 2, 6, 5).constant("w", 3, 2, 3, 2);
    agrees(conv.then("Conv", List.of("w"), same, strides));
    agrees(
        HandWritten.of(-1, 2, 6, 5)
            .then(
                "AveragePool",
                List.of(),
                same,
                strides,
                GraphWriter.attribute("count_include_pad", 1),
                GraphWriter.attribute("kernel_shape", List.of(3L, 2L))));
    AttributeProto pads = GraphWriter.attribute("pads", List.of(0L, 1L, 2L, 0L));
    HandWritten explicit = HandWritten.of(-1, 2, 6, 5).constant("w", 3, 2, 3, 2);
    agrees(explicit.then("Conv", List.of("w"), pads));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax"})
  void parse_ofSoftmaxAtTheEnd_readsItsLogitsAndSaysSo(String operator) {
    HandWritten file = HandWritten.of(-1, 6).constant("w", 6, 5).then("MatMul", List.of("w"));
    byte[] bytes = file.then(operator, List.of(), GraphWriter.attribute("axis", -1)).ending(-1, 5);

    ImportedModel model = OnnxImport.parse(bytes, "m");

    assertThat(model.network().nodes()).hasSize(1);
    assertThat(model.warnings()).singleElement().asString().contains(operator, "keeps the order");
    assertThat(model.ending().operator()).isEqualTo(operator);
    assertThat(model.file()).isEqualTo(bytes);
    agrees(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax"})
  void file_ofSoftmaxBesideWhatHasNoInfluence_keepsItAndLeavesTheRestOut(String operator) {
    HandWritten file = HandWritten.of(-1, 6).constant("w", 6, 5).constant("unused", 6, 5);
    file.then("MatMul", List.of("w"));
    String logits = file.last();
    file.node("MatMul", List.of("x", "unused"));
    byte[] bytes = file.node(operator, List.of(logits)).ending(-1, 5);

    ImportedModel model = OnnxImport.parse(bytes, "m");

    assertThat(model.file().length).isLessThan(bytes.length);
    assertThat(model.ending().operator()).isEqualTo(operator);
    float[] inputs = SampleModel.inputs(model.network().inputShape(), 1);
    try (RuntimeSession part = RuntimeSession.open(model.file(), 1);
        RuntimeSession whole = RuntimeSession.open(bytes, 1)) {
      assertThat(part.outputs(inputs, 1)).isDeepEqualTo(whole.outputs(inputs, 1));
    }
    agrees(bytes);
  }

  @Test
  void parse_ofWideModel_agreesWithOnnxRuntimeInDouble() {
    HandWritten file =
        HandWritten.wide(-1, 6).constant("w", 6, 5).constant("b", 5).then("MatMul", List.of("w"));
    byte[] bytes = file.then("Add", List.of("b")).then("Relu", List.of()).ending(-1, 5);

    ImportedModel model = OnnxImport.parse(bytes, "m");

    assertThat(model.values().tensors().values())
        .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo(DataType.FLOAT64));
    agrees(bytes);
  }

  @Test
  void parse_ofDropoutAndCast_doesNothing() {
    HandWritten file = HandWritten.of(-1, 6).then("Dropout", List.of());
    file.then("Cast", List.of(), GraphWriter.attribute("to", 1)).constant("w", 6, 5);
    agrees(file.then("MatMul", List.of("w")));
  }

  @Test
  void parse_ofNarrowingCast_isRefused() {
    byte[] file =
        HandWritten.wide(-1, 6)
            .then("Cast", List.of(), GraphWriter.attribute("to", 1))
            .ending(-1, 6);

    assertThatThrownBy(() -> OnnxImport.parse(file, "m"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("node 'cast0' (Cast)")
        .hasMessageContaining("which rounds them");
  }

  private static List<Operation> operations(byte[] file) {
    return OnnxImport.parse(file, "m").network().nodes().stream().map(Node::operation).toList();
  }

  private static byte[] flat(HandWritten file, long classes) {
    return file.then("Flatten", List.of()).ending(-1, classes);
  }

  // The number of logits in the file is not checked by the runtime where it is free.
  private static void agrees(HandWritten file) {
    agrees(file.then("Flatten", List.of()).ending(-1, -1));
  }

  private static void agrees(byte[] file) {
    ImportedModel model = OnnxImport.parse(file, "m");
    float[] inputs = SampleModel.inputs(model.network().inputShape(), 1);
    double[][] ours =
        SampleModel.logits(model.network(), model.values(), inputs, 1, DataType.FLOAT64);
    try (RuntimeSession session = RuntimeSession.open(model.logitsFile(), 1);
        RuntimeSession whole = RuntimeSession.open(file, 1)) {
      Agreement.assertClose(session.outputs(inputs, 1), ours, 1e-5);
      double[][] outputs = {model.ending().outputs(ours[0])};
      Agreement.assertClose(whole.outputs(inputs, 1), outputs, 1e-5);
    }
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }
}
