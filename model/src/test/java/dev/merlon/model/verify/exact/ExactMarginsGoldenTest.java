package dev.merlon.model.verify.exact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Worst margins of a published network of 20 rectifiers, against those of another solver. */
class ExactMarginsGoldenTest {
  // Tolerance of both solvers. The golden file has a few margins that are not the smallest: up to
  // 5e-4 above a point that we find and the network confirms.
  private static final double ABOVE = 2e-5;
  private static final double BELOW = 2e-3;

  @Test
  void minimum_publishedModel_asGolden() throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/mnist_tiny_20.onnx"));
    byte[] pixels = Files.readAllBytes(folder.resolve("inputs/mnist.u8.bin"));
    Path file = folder.resolve("bounds/exact_milp_tiny.json");
    JsonNode cases = new ObjectMapper().readTree(file.toFile()).path("cases");
    assertThat(cases).isNotEmpty();
    for (JsonNode golden : cases) {
      compare(model, pixels, golden);
    }
  }

  private static void compare(ImportedModel model, byte[] pixels, JsonNode golden) {
    double[] x = new double[28 * 28];
    for (int i = 0; i < x.length; i++) {
      x[i] = (pixels[golden.path("index").asInt() * x.length + i] & 0xff) / 255.0;
    }
    PerturbationSet set = new NormBall(new LInf(), golden.path("eps").asDouble(), true);
    int label = golden.path("label").asInt();
    try (ExactMargins margins = ExactMargins.around(model.network(), model.values(), x, set)) {
      for (int t = 0; t < golden.path("targets").size(); t++) {
        int other = golden.path("targets").get(t).asInt();
        double expected = golden.path("exact_margin").get(t).asDouble();
        ExactMinimum exact = margins.minimum(label, other, Duration.ofMinutes(1));

        assertThat(exact.proved()).isTrue();
        assertThat(exact.upper())
            .as("index %s, eps %s, class %d", golden.path("index"), golden.path("eps"), other)
            .isBetween(expected - BELOW, expected + ABOVE);
        assertThat(exact.lower()).isBetween(exact.upper() - ABOVE, exact.upper() + ABOVE);
      }
    }
  }
}
