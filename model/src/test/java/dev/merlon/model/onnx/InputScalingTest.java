package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputScalingTest {
  private static final Shape IMAGE = new Shape(3, 5, 6);

  @Test
  void forRuntime_ofScaledPixels_isRoundedOnce() {
    InputScaling scaling =
        InputScaling.parse(Optional.of("mean=123.68,std=58.4"), Optional.of("0..255"));
    ImportedModel model = channelsLast(scaling);
    float[] inputs = SampleModel.inputs(IMAGE, 2);

    float[] given = model.forRuntime(inputs);

    // Pixel (2, 4, 1) of the second sample is at (4, 1, 2) of a model with its channels last.
    int from = 90 + 2 * 30 + 4 * 6 + 1;
    float expected = (float) ((255.0 * inputs[from] - 123.68) / 58.4);
    assertThat(given[90 + (4 * 6 + 1) * 3 + 2]).isEqualTo(expected);
    assertThat(model.use().input()).hasValue("nhwc 0..255 mean=123.68,std=58.4");
  }

  @ParameterizedTest
  @CsvSource({
    "'mean=0.49,0.48,0.45,std=0.25,0.24,0.26', 0..1",
    "'', 0..255",
    "'mean=0.5,std=0.25', 0..1"
  })
  void ofImages_scaled_isTheSameFunctionInBothRuntimes(String normalised, String range) {
    ImportedModel model =
        channelsLast(
            InputScaling.parse(
                Optional.of(normalised).filter(text -> !text.isEmpty()), Optional.of(range)));
    float[] inputs = SampleModel.inputs(IMAGE, 3);

    double[][] ours =
        SampleModel.logits(model.network(), model.values(), inputs, 3, DataType.FLOAT64);

    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      Agreement.assertClose(session.outputs(model.forRuntime(inputs), 3), ours, 1e-2);
      assertThat(session.outputs(inputs, 3)[0][0]).isNotEqualTo(ours[0][0]);
    }
  }

  @Test
  void ofImages_notScaled_isTheModelItself() {
    ImportedModel model =
        OnnxImport.parse(SampleModel.preset(NetworkPreset.CNN3, false).bytes(), "m");
    InputScaling none = InputScaling.parse(Optional.of("mean=0,std=1"), Optional.of("0..1"));

    assertThat(model.ofImages(new Shape(3, 16, 16), Optional.empty(), none)).containsSame(model);
    assertThat(model.use().input()).isEmpty();
  }

  @Test
  void ofImages_valuesOfOtherChannels_areRefused() {
    InputScaling two = InputScaling.parse(Optional.of("mean=0,0,std=1,2"), Optional.empty());

    assertThatThrownBy(() -> channelsLast(two))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure().message()).contains("2 values", "3 channels"));
  }

  @ParameterizedTest
  @CsvSource({
    "'mean=0.5', '', no such form",
    "'std=1,mean=0', '', no such form",
    "'mean=0.5,std=', '', no such form",
    "'mean=NaN,std=1', '', no such form",
    "'mean=1,2,std=3', '', 2 means and 1 deviations",
    "'mean=0,std=0', '', not above 0",
    "'mean=0,std=-1', '', not above 0",
    "'mean=0,std=1e-300', '', larger than float32",
    "'mean=1e999,std=1', '', larger than float32",
    "'mean=0,std=1', 0..256, no range of pixels"
  })
  void parse_anythingElse_isRefused(String normalised, String range, String problem) {
    Optional<String> pixels = Optional.of(range).filter(text -> !text.isEmpty());

    assertThatThrownBy(() -> InputScaling.parse(Optional.of(normalised), pixels))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> {
              assertThat(refused.failure()).isInstanceOf(Failure.Configuration.class);
              assertThat(refused.failure().message()).contains(problem);
            });
  }

  private static ImportedModel channelsLast(InputScaling scaling) {
    return OnnxImport.parse(SampleModel.channelsLast().bytes(), "m")
        .ofImages(IMAGE, Optional.empty(), scaling)
        .orElseThrow();
  }
}
