package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {
  private static final Shape IMAGE = new Shape(1, 2, 3);

  @Test
  void logits_besideTheDecimal_haveItsExactOrder() {
    // The float32 number nearest 0.1 is above 0.1, that nearest 0.3 is above 0.3, that of 0.7
    // below.
    for (String decimal : List.of("0.1", "0.3", "0.7", "0.5", "0", "-0.1", "1e-30", "12345.678")) {
      Threshold threshold = Threshold.parse(decimal);
      float near = new BigDecimal(decimal).floatValue();
      double close = new BigDecimal(decimal).doubleValue();
      for (double output :
          new double[] {
            Math.nextDown(near),
            near,
            Math.nextUp(near),
            Math.nextDown(close),
            close,
            Math.nextUp(close)
          }) {
        boolean above = new BigDecimal(output).compareTo(new BigDecimal(decimal)) > 0;

        double[] logits = threshold.logits(output);

        assertThat(logits[1] > logits[0]).as("%s of %s", output, decimal).isEqualTo(above);
        assertThat(logits[0] > logits[1]).as("%s of %s", output, decimal).isEqualTo(!above);
        assertThat(Math.abs(logits[1] - output)).isLessThanOrEqualTo(2 * Math.ulp(near));
      }
    }
  }

  @Test
  void logits_outputThatIsNoNumber_stayNoNumber() {
    Threshold threshold = Threshold.parse("0.5");

    assertThat(threshold.logits(Float.NaN)[1]).isNaN();
    assertThat(threshold.logits(Float.NEGATIVE_INFINITY)[1]).isInfinite();
  }

  @Test
  void parse_sameDecimalOtherwiseWritten_isEqual() {
    assertThat(List.of("0.50", ".5", "5e-1", "+0.5"))
        .allSatisfy(text -> assertThat(Threshold.parse(text)).isEqualTo(Threshold.parse("0.5")));
    assertThat(Threshold.parse("1e1")).hasToString("10");
    assertThat(Threshold.parse("0.5000000000000000000001")).isNotEqualTo(Threshold.parse("0.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "NaN", "Infinity", "0,5", "1e39", "1e-401", "1e999999999"})
  void parse_noDecimalOfFloat32Size_isRefused(String text) {
    assertThatThrownBy(() -> Threshold.parse(text))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("threshold");
  }

  @Test
  void classifying_oneOutput_hasTheLogitsOfBothClassesInBothRuntimes() {
    for (String decimal : List.of("0.125", "-0.3", "1e-7", "0")) {
      ImportedModel model = oneOutput().classifying(Optional.of(Threshold.parse(decimal)));
      float[] inputs = SampleModel.inputs(IMAGE, 5);

      double[][] ours =
          SampleModel.logits(model.network(), model.values(), inputs, 5, DataType.FLOAT64);

      assertThat(model.network().classes()).isEqualTo(2);
      assertThat(ours[0][0]).isEqualTo(Double.parseDouble(decimal));
      assertThat(ours[0][1]).isNotEqualTo(ours[1][1]);
      try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
        Agreement.assertClose(model.fromRuntime(session.outputs(inputs, 5)), ours, 1e-5);
      }
    }
  }

  @Test
  void classifying_imagesInAnotherLayout_keepsBoth() {
    Threshold threshold = Threshold.parse("0.5");
    ImportedModel vector =
        OnnxImport.parse(
            HandWritten.of(-1, 6).constant("w", 6, 1).then("MatMul", List.of("w")).ending(-1, 1),
            "m");

    ImportedModel model =
        vector
            .classifying(Optional.of(threshold))
            .ofImages(
                IMAGE,
                Optional.empty(),
                InputScaling.parse(Optional.empty(), Optional.of("0..255")))
            .orElseThrow();

    assertThat(model.use()).isEqualTo(new ModelUse(Optional.of("0..255"), Optional.of(threshold)));
    assertThat(model.network().inputShape()).isEqualTo(IMAGE);
    assertThat(model.network().classes()).isEqualTo(2);
    assertThat(model.fromRuntime(new double[][] {{0.5}})[0]).hasSize(2);
  }

  @Test
  void classifying_oneOutputAndNothingToCompareItWith_isRefusedWithBothUsualValues() {
    assertThatThrownBy(() -> oneOutput().classifying(Optional.empty()))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused ->
                assertThat(refused.failure().remedy())
                    .contains("--threshold", "0.5", "sigmoid", "0 for a logit"));
  }

  @Test
  void classifying_severalOutputs_takeNoThreshold() {
    ImportedModel model =
        OnnxImport.parse(SampleModel.preset(NetworkPreset.MLP, false).bytes(), "m");

    assertThat(model.classifying(Optional.empty())).isSameAs(model);
    assertThatThrownBy(() -> model.classifying(Optional.of(Threshold.parse("0"))))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("10 outputs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax"})
  void parse_softmaxOverOneClass_isRefused(String operator) {
    byte[] file =
        HandWritten.of(-1, 6)
            .constant("w", 6, 1)
            .then("MatMul", List.of("w"))
            .then(operator, List.of())
            .ending(-1, 1);

    assertThatThrownBy(() -> OnnxImport.parse(file, "m"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(operator);
  }

  private static ImportedModel oneOutput() {
    byte[] file =
        HandWritten.of(-1, 1, 2, 3)
            .constant("w", 6, 1)
            .then("Flatten", List.of())
            .then("MatMul", List.of("w"))
            .then("Sigmoid", List.of())
            .ending(-1, 1);
    return OnnxImport.parse(file, "m");
  }
}
