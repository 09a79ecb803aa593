package dev.merlon.model.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.EditedModel;
import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.SampleModel;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files that ask for much: refused before it is allocated, here and in ONNX Runtime. */
class SizeLimitTest {
  private static final SampleModel MLP = SampleModel.preset(NetworkPreset.MLP, false);
  private static final float[] INPUTS = MLP.inputs(2);

  static Stream<Arguments> demanding() {
    long side = 1 << 16;
    return Stream.of(
        Arguments.of("a large input", HandWritten.of(-1, side, side), "may compute at once"),
        Arguments.of("an input beyond numbers", huge(), "may compute at once"),
        Arguments.of("a large batch", HandWritten.of(Integer.MAX_VALUE, 6), "in batches of"),
        Arguments.of("padding", padded(), "may compute at once"),
        Arguments.of("doubling", doubled(40), "may compute at once"),
        Arguments.of("many operators", chain(6_000), "6,001 operators"),
        Arguments.of("a kernel over everything", wideKernel(), "values, which is more than is"),
        Arguments.of("a window over everything", wideWindow(), "values, which is more than is"),
        Arguments.of("a window beyond numbers", windowInPadding(), "not a height and a width"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("demanding")
  void parse_smallFileThatAsksForMuch_isRefused(String what, HandWritten file, String why) {
    byte[] bytes = file.then("Flatten", List.of()).ending(-1, 2);

    assertThat(bytes.length).isLessThan(1_000_000);
    assertThatThrownBy(() -> OnnxImport.parse(bytes, "m"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> {
              assertThat(refused.failure()).isInstanceOf(Failure.ModelFormat.class);
              assertThat(refused.failure().message()).contains(why);
            });
  }

  @Test
  void parse_deadOperatorThatAsksForMuch_isLeftOutOfWhatIsRun() {
    byte[] file =
        EditedModel.graph(
            MLP,
            graph ->
                graph
                    .addInitializer(
                        TensorProto.newBuilder()
                            .setName("shape")
                            .setDataType(TensorProto.DataType.INT64.getNumber())
                            .addDims(1)
                            .addInt64Data(100L << 30))
                    .addNode(
                        NodeProto.newBuilder()
                            .setOpType("ConstantOfShape")
                            .addInput("shape")
                            .addOutput("dead")));

    assertSameLogits(file);
  }

  @Test
  void parse_unusedConstantInAnotherFile_isLeftOutOfWhatIsRun() {
    byte[] file =
        EditedModel.graph(
            MLP,
            graph ->
                graph.addInitializer(
                    TensorProto.newBuilder()
                        .setName("unused")
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addDims(1)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(
                            StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue("nowhere.bin"))));

    assertSameLogits(file);
  }

  @Test
  void parse_ordinaryFile_runsAsItIs() {
    assertThat(OnnxImport.parse(MLP.bytes(), "m").file()).isEqualTo(MLP.bytes());
  }

  private static void assertSameLogits(byte[] file) {
    byte[] run = OnnxImport.parse(file, "m").file();
    assertThat(graph(run)).isEqualTo(graph(MLP.bytes()));
    try (RuntimeSession edited = RuntimeSession.open(run, 1);
        RuntimeSession original = RuntimeSession.open(MLP.bytes(), 1)) {
      assertThat(edited.outputs(INPUTS, 2)).isEqualTo(original.outputs(INPUTS, 2));
    }
  }

  private static GraphProto graph(byte[] file) {
    try {
      return ModelProto.parseFrom(file).getGraph();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HandWritten huge() {
    return HandWritten.of(-1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static HandWritten padded() {
    return HandWritten.of(-1, 3, 8, 8)
        .integers("pads", 0, 0, 30_000, 30_000, 0, 0, 30_000, 30_000)
        .then("Pad", List.of("pads"));
  }

  private static HandWritten doubled(int times) {
    HandWritten file = HandWritten.of(-1, 1, 2, 2);
    for (int i = 0; i < times; i++) {
      file.node("Concat", List.of(file.last(), file.last()), GraphWriter.attribute("axis", 1));
    }
    return file;
  }

  private static HandWritten chain(int length) {
    HandWritten file = HandWritten.of(-1, 1, 2, 2);
    for (int i = 0; i < length; i++) {
      file.then("Relu", List.of());
    }
    return file;
  }

  private static HandWritten wideKernel() {
    return HandWritten.of(-1, 1, 1_000, 1_000)
        .constant("kernel", 1, 1, 100, 100)
        .then("Conv", List.of("kernel"));
  }

  private static HandWritten wideWindow() {
    return HandWritten.of(-1, 1, 1_000, 1_000)
        .then("MaxPool", List.of(), GraphWriter.attribute("kernel_shape", List.of(100L, 100L)));
  }

  private static HandWritten windowInPadding() {
    return HandWritten.of(-1, 1, 10, 10)
        .then(
            "AveragePool",
            List.of(),
            GraphWriter.attribute("kernel_shape", List.of(1L << 30, 1L << 30)),
            GraphWriter.attribute("pads", List.of(1L << 29, 1L << 29, 1L << 29, 1L << 29)));
  }
}
