package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageLayoutTest {
  private static final Shape IMAGE = new Shape(3, 5, 6);

  @Test
  void ofImages_ofModelWithChannelsLast_isTheSameFunctionInBothRuntimes() {
    ImportedModel read = OnnxImport.parse(SampleModel.channelsLast().bytes(), "m");

    ImportedModel model = read.ofImages(IMAGE, Optional.empty()).orElseThrow();

    assertThat(model.network().inputShape()).isEqualTo(IMAGE);
    float[] inputs = SampleModel.inputs(IMAGE, 3);
    double[][] ours =
        SampleModel.logits(model.network(), model.values(), inputs, 3, DataType.FLOAT64);
    double[][] unmoved =
        SampleModel.logits(read.network(), read.values(), inputs, 3, DataType.FLOAT64);
    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      Agreement.assertClose(session.outputs(model.forRuntime(inputs), 3), ours, 1e-4);
    }
    assertThat(ours[0]).isNotEqualTo(unmoved[0]);
  }

  @Test
  void ofImages_ofPixelInEachLayout_movesItThere() {
    ImportedModel read = OnnxImport.parse(SampleModel.channelsLast().bytes(), "m");
    ImportedModel model = read.ofImages(IMAGE, Optional.of(ImageLayout.NHWC)).orElseThrow();
    float[] inputs = new float[2 * 90];
    inputs[90 + 2 * 30 + 4 * 6 + 1] = 1;

    float[] moved = model.forRuntime(inputs);

    assertThat(moved[90 + (4 * 6 + 1) * 3 + 2]).isEqualTo(1);
    assertThat(read.forRuntime(inputs)).isSameAs(inputs);
  }

  @Test
  void ofImages_ofModelOfVectors_takesThePixelsInOrder() {
    HandWritten file = HandWritten.of(1, 90, 1).then("Flatten", java.util.List.of());
    byte[] bytes = file.constant("w", 90, 4).then("MatMul", java.util.List.of("w")).ending(1, 4);

    ImportedModel model =
        OnnxImport.parse(bytes, "m").ofImages(IMAGE, Optional.empty()).orElseThrow();

    float[] inputs = SampleModel.inputs(IMAGE, 1);
    double[][] ours =
        SampleModel.logits(model.network(), model.values(), inputs, 1, DataType.FLOAT64);
    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      Agreement.assertClose(session.outputs(model.forRuntime(inputs), 1), ours, 1e-4);
    }
  }

  @Test
  void ofImages_ofOtherShapeOrLayout_isNone() {
    ImportedModel model =
        OnnxImport.parse(SampleModel.preset(NetworkPreset.CNN3, false).bytes(), "m");

    assertThat(model.ofImages(new Shape(3, 16, 16), Optional.empty())).containsSame(model);
    assertThat(model.ofImages(new Shape(3, 16, 16), Optional.of(ImageLayout.NHWC))).isEmpty();
    assertThat(model.ofImages(new Shape(3, 12, 16), Optional.empty())).isEmpty();
    assertThat(model.ofImages(new Shape(16, 16, 3), Optional.empty())).isEmpty();
  }
}
