package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.NetworkPreset;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {
  private static final double TOLERANCE = 1e-4;

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
    assertThat(proto.getOpsetImport(0).getVersion()).isEqualTo(OnnxFormat.OPSET);
    assertThat(proto.getIrVersion()).isEqualTo(OnnxFormat.IR_VERSION);
    assertThat(proto.getGraph().getInput(0).getName()).isEqualTo("input");
    assertThat(proto.getGraph().getOutput(0).getName()).isEqualTo("logits");
    assertThat(proto.getGraph().getNodeList())
        .allSatisfy(node -> assertThat(node.getDocString()).isEmpty());
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
      Agreement.assertClose(session.logits(inputs, n), expected, TOLERANCE);
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
