package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.merlon.config.ExportSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.graph.OnnxFormat;
import dev.merlon.model.onnx.operator.OperatorSets;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {
  private static final double TOLERANCE = 1e-4;
  private static final double ROUNDING = 1e-6;

  // The operator set that last changed each operator's definition up to 13, from ONNX's list of
  // operators.
  private static final Map<String, Integer> DEFINED =
      Map.ofEntries(
          Map.entry("Add", 13),
          Map.entry("AveragePool", 11),
          Map.entry("BatchNormalization", 9),
          Map.entry("Concat", 13),
          Map.entry("Conv", 11),
          Map.entry("Div", 13),
          Map.entry("Flatten", 13),
          Map.entry("Gemm", 13),
          Map.entry("GlobalAveragePool", 1),
          Map.entry("LeakyRelu", 6),
          Map.entry("MaxPool", 12),
          Map.entry("Mul", 13),
          Map.entry("Pad", 13),
          Map.entry("Relu", 13),
          Map.entry("Reshape", 13),
          Map.entry("Sigmoid", 13),
          Map.entry("Sub", 13),
          Map.entry("Tanh", 13),
          Map.entry("Transpose", 13));

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void bytes_ofDrawnWeights_givesTheSameLogitsInOnnxRuntime(SampleModel model) {
    assertAgreement(model, RuntimeSession.Optimisation.ALL);
  }

  @ParameterizedTest
  @EnumSource(RuntimeSession.Optimisation.class)
  void bytes_underEveryOptimisation_givesTheSameLogits(RuntimeSession.Optimisation optimisation) {
    assertAgreement(SampleModel.preset(NetworkPreset.CNN5, true), optimisation);
    assertAgreement(SampleModel.residual(), optimisation);
  }

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void bytes_ofEqualWeights_areEqual(SampleModel model) {
    byte[] once = OnnxExport.bytes(model.network(), model.values(), Map.of("a", "1", "b", "2"));

    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("b", "2");
    metadata.put("a", "1");
    byte[] again = OnnxExport.bytes(model.network(), reversed(model.values()), metadata);

    assertThat(again).isEqualTo(once);
  }

  @Test
  void bytes_ofOtherWeights_differ() {
    SampleModel model = SampleModel.preset(NetworkPreset.MLP, false);
    SampleModel other = SampleModel.drawn("other", model.network(), 99);

    assertThat(other.bytes()).isNotEqualTo(model.bytes());
  }

  @Test
  void bytes_ofAnyNetwork_holdNothingButWhatWasGiven() throws Exception {
    SampleModel model = SampleModel.preset(NetworkPreset.CNN3, true);

    ModelProto proto =
        ModelProto.parseFrom(
            OnnxExport.bytes(model.network(), model.values(), Map.of("z", "26", "data", "abc")));

    assertThat(proto.getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .containsExactly(tuple("data", "abc"), tuple("z", "26"));
    assertThat(proto.getProducerName()).isEqualTo("merlon");
    assertThat(proto.getProducerVersion()).isEqualTo(OnnxFormat.PRODUCER_VERSION);
    assertThat(proto.getDocString()).isEmpty();
    assertThat(proto.getGraph().getInput(0).getName()).isEqualTo("input");
    assertThat(proto.getGraph().getOutput(0).getName()).isEqualTo("logits");
    assertThat(proto.getGraph().getNodeList())
        .allSatisfy(node -> assertThat(node.getDocString()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void bytes_ofAnyNetwork_needNoMoreThanOperatorSet13AndFormat8(SampleModel model)
      throws Exception {
    ModelProto proto = ModelProto.parseFrom(model.bytes());

    assertThat(proto.getOpsetImportList())
        .singleElement()
        .satisfies(set -> assertThat(set.getDomain()).isEmpty())
        .satisfies(set -> assertThat(set.getVersion()).isEqualTo(13));
    assertThat(proto.getIrVersion()).isEqualTo(8);
    assertThat(proto.getGraph().getNodeList())
        .allSatisfy(node -> assertThat(DEFINED).containsKey(node.getOpType()))
        .allSatisfy(node -> assertThat(node.getDomain()).isEmpty())
        .extracting(node -> DEFINED.get(node.getOpType()))
        .allMatch(since -> since <= 13)
        .contains(13);
  }

  @ParameterizedTest
  @MethodSource("dev.merlon.model.onnx.SampleModel#all")
  void bytes_inEveryOperatorSet_areTheSameFunction(SampleModel model) {
    float[] inputs = model.inputs(6);
    double[][] lowest = logits(model.bytes(), inputs);

    for (int opset = 13; opset <= OperatorSets.NEWEST; opset++) {
      byte[] file = inSet(model, opset);
      // ONNX Runtime has another kernel of AveragePool from set 19 on, which rounds otherwise.
      Agreement.assertClose(logits(file, inputs), lowest, ROUNDING);
      assertThat(OnnxImport.parse(file, "m").network()).isEqualTo(model.asStored());
    }
  }

  @ParameterizedTest
  @CsvSource({"13,8", "18,8", "19,9", "20,9", "21,10", "22,10", "23,11", "24,12", "25,13", "26,13"})
  void bytes_inAnOperatorSet_haveTheFormatThatGoesWithIt(int opset, long format) throws Exception {
    ModelProto proto = ModelProto.parseFrom(inSet(SampleModel.residual(), opset));

    assertThat(proto.getOpsetImport(0).getVersion()).isEqualTo(opset);
    assertThat(proto.getIrVersion()).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({
    "12, operator Sub is written as operator set 13 defines it",
    "27, the newest that is known is 26"
  })
  void bytes_inASetThatDoesNotHoldThem_areRefusedByName(int opset, String problem) {
    SampleModel model = SampleModel.preset(NetworkPreset.MLP, false);

    for (ThrowingCallable refused :
        List.<ThrowingCallable>of(
            () -> inSet(model, opset),
            () -> OnnxExport.requireFit(model.network(), new ExportSettings(opset)))) {
      assertThatThrownBy(refused)
          .isInstanceOfSatisfying(
              MerlonException.class,
              e -> assertThat(e.failure()).isInstanceOf(Failure.Configuration.class))
          .hasMessageContaining("export.opset is " + opset + ": " + problem);
    }
  }

  @Test
  void bytes_ofDoubleWeights_areRefused() {
    SampleModel model = SampleModel.preset(NetworkPreset.MLP, false);
    ParameterValues doubles = model.values().as(DataType.FLOAT64);

    assertThatThrownBy(() -> OnnxExport.bytes(model.network(), doubles, Map.of()))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> assertThat(e.failure()).isInstanceOf(Failure.ModelFormat.class))
        .hasMessageContaining("linear1.weight")
        .hasMessageContaining("float64");
  }

  @Test
  void bytes_ofWeightsWithNaN_areRefused() {
    SampleModel model = SampleModel.preset(NetworkPreset.MLP, false);
    Map<String, HostTensor> tensors = new LinkedHashMap<>(model.values().tensors());
    float[] bias = model.values().get("linear2.bias").toFloats();
    bias[3] = Float.NaN;
    tensors.put("linear2.bias", HostTensor.of(bias, bias.length));
    ParameterValues poisoned = ParameterValues.of(model.network(), tensors);

    assertThatThrownBy(() -> OnnxExport.bytes(model.network(), poisoned, Map.of()))
        .isInstanceOfSatisfying(
            MerlonException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Numeric.class))
        .hasMessageContaining("linear2.bias");
  }

  private static void assertAgreement(SampleModel model, RuntimeSession.Optimisation optimisation) {
    int n = 6;
    float[] inputs = model.inputs(n);
    double[][] expected = model.logits(inputs, n, DataType.FLOAT32);
    try (RuntimeSession session = RuntimeSession.open(model.bytes(), 1, optimisation)) {
      Agreement.assertClose(session.outputs(inputs, n), expected, TOLERANCE);
    }
  }

  private static byte[] inSet(SampleModel model, int opset) {
    return OnnxExport.bytes(model.network(), model.values(), Map.of(), new ExportSettings(opset));
  }

  private static double[][] logits(byte[] file, float[] inputs) {
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      return session.outputs(inputs, 6);
    }
  }

  private static ParameterValues reversed(ParameterValues values) {
    List<String> names = new ArrayList<>(values.tensors().keySet());
    Collections.reverse(names);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    names.forEach(name -> tensors.put(name, values.get(name)));
    return new ParameterValues(tensors);
  }
}
