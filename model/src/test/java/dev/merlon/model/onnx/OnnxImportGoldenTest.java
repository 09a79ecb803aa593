package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Published models of others: our reading of them against ONNX Runtime's and reference logits. */
class OnnxImportGoldenTest {
  private static final double REFERENCE_TOLERANCE = 1e-7;
  private static final int IMAGES = 4;

  static List<PublishedModel> models() {
    return PublishedFolder.found().models();
  }

  static List<PublishedModel> modelsWithLogits() {
    return PublishedFolder.found().bounds();
  }

  @ParameterizedTest
  @MethodSource("models")
  void read_ofPublishedModel_computesWhatOnnxRuntimeDoes(PublishedModel published) {
    ImportedModel model = published.read();
    Shape shape = model.network().inputShape();
    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      for (PublishedInputs inputs : published.folder().inputsOf(shape.size())) {
        inputs
            .indices()
            .limit(IMAGES)
            .forEach(
                index -> {
                  double[][] ours = logits(model, inputs.pixels(index, shape), DataType.FLOAT32);
                  double[][] theirs = session.outputs(inputs.floats(index, shape), 1);
                  Agreement.assertClose(theirs, ours, 1e-4);
                });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modelsWithLogits")
  void read_ofPublishedModel_givesReferenceLogits(PublishedModel published) {
    ImportedModel model = published.read();
    Shape shape = model.network().inputShape();
    for (JsonNode golden : published.cases()) {
      int index = golden.path("index").asInt();
      double[] input = published.folder().inputs(golden, shape.size()).pixels(index, shape);
      double[] exact = logits(model, input, DataType.FLOAT64)[0];
      assertThat(golden.path("logits").size()).isEqualTo(exact.length);
      for (int k = 0; k < exact.length; k++) {
        double reference = golden.path("logits").get(k).asDouble(Double.NaN);
        assertThat(Math.abs(exact[k] - reference))
            .as("logit %d of input %d: %s, expected %s", k, index, exact[k], reference)
            .isLessThanOrEqualTo(REFERENCE_TOLERANCE * (1 + Math.abs(reference)));
      }
    }
  }

  private static double[][] logits(ImportedModel model, double[] input, DataType type) {
    return SampleModel.logits(model.network(), model.values(), input, 1, type);
  }
}
