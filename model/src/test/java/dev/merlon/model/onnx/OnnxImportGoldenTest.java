package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.golden.PublishedInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published models of others: our reading of them against ONNX Runtime's and reference logits. */
class OnnxImportGoldenTest {
  private static final double REFERENCE_TOLERANCE = 1e-7;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mnist_bn",
        "mnist_conv_small",
        "mnist-net_256x2",
        "mnist_tiny_20",
        "cifar_base_kw",
        "cifar_resnet_2b",
        "cifar10_marabou_small"
      })
  void read_ofPublishedModel_givesReferenceLogits(String name) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    Map<Integer, JsonNode> cases = cases(folder.resolve("bounds/" + name + ".json"));
    assertThat(cases).isNotEmpty();
    byte[] pixels =
        Files.readAllBytes(
            folder.resolve("inputs/" + (name.startsWith("mnist") ? "mnist" : "cifar") + ".u8.bin"));
    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      cases.forEach((index, expected) -> compare(model, session, pixels, index, expected));
    }
  }

  private static void compare(
      ImportedModel model, RuntimeSession session, byte[] pixels, int index, JsonNode expected) {
    int size = Math.toIntExact(model.network().inputShape().size());
    double[] input = PublishedInputs.pixels(pixels, index, model.network().inputShape());
    float[] rounded = new float[size];
    for (int i = 0; i < size; i++) {
      rounded[i] = (float) input[i];
    }
    double[][] exact =
        SampleModel.logits(model.network(), model.values(), input, 1, DataType.FLOAT64);
    double[][] ours =
        SampleModel.logits(model.network(), model.values(), input, 1, DataType.FLOAT32);
    for (int k = 0; k < exact[0].length; k++) {
      double reference = expected.get(k).asDouble();
      assertThat(Math.abs(exact[0][k] - reference))
          .as("logit %d of input %d: %s, expected %s", k, index, exact[0][k], reference)
          .isLessThanOrEqualTo(REFERENCE_TOLERANCE * (1 + Math.abs(reference)));
    }
    Agreement.assertClose(session.outputs(rounded, 1), ours, 1e-4);
  }

  /** Reference logits by input index. */
  private static Map<Integer, JsonNode> cases(Path file) throws IOException {
    Map<Integer, JsonNode> logits = new TreeMap<>();
    for (JsonNode entry : new ObjectMapper().readTree(Files.readAllBytes(file)).path("cases")) {
      logits.put(entry.path("index").asInt(), entry.path("logits"));
    }
    return logits;
  }
}
