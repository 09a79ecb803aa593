package dev.merlon.model.bound;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All bounds of published models, for l_inf and l_2, against golden numbers. One model of the set
 * begins with a Transpose, which the import refuses.
 */
class PublishedModelsGoldenTest {
  private static final double TOLERANCE = 1e-7;
  // The adaptive slope is compared in every case, the others, which cost as much, in some.
  private static final int EVERY_SLOPE = 4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mnist_tiny_20",
        "mnist-net_256x2",
        "mnist_bn",
        "mnist_conv_small",
        "cifar_base_kw",
        "cifar_resnet_2b"
      })
  void bounds_publishedModel_asGolden(String name) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    String inputs = name.startsWith("mnist") ? "mnist" : "cifar";
    byte[] pixels = Files.readAllBytes(folder.resolve("inputs/" + inputs + ".u8.bin"));
    Path bounds = folder.resolve("bounds/" + name + ".json");
    JsonNode cases = new ObjectMapper().readTree(bounds.toFile()).path("cases");
    assertThat(cases).isNotEmpty();
    try (Scope models = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT64, models);
      for (int i = 0; i < cases.size(); i++) {
        boolean everySlope = i % EVERY_SLOPE == 0;
        JsonNode golden = cases.get(i);
        try (Scope scope = models.child("case")) {
          Autograd.withoutGradients(
              () -> Comparison.of(live, golden, pixels, scope).run(everySlope));
        }
      }
    }
  }

  /** One input, one norm, one radius. */
  private record Comparison(
      LiveNetwork live, JsonNode golden, NDArray x, PerturbationSet set, NDArray labels) {

    static Comparison of(LiveNetwork live, JsonNode golden, byte[] pixels, Scope scope) {
      Shape shape = live.network().inputShape();
      double[] input = new double[Math.toIntExact(shape.size())];
      for (int i = 0; i < input.length; i++) {
        input[i] = (pixels[golden.path("index").asInt() * input.length + i] & 0xff) / 255.0;
      }
      boolean linf = golden.path("norm").asText().equals("inf");
      boolean clip = golden.path("clip").isArray();
      double eps = golden.path("eps").asDouble();
      PerturbationSet set = new PerturbationSet(linf ? new LInf() : new L2(), eps, clip);
      NDArray x = scope.tensor(input, DataType.FLOAT64, new Shape(1).addAll(shape).getShape());
      return new Comparison(live, golden, x, set, scope.labels(golden.path("label").asInt()));
    }

    boolean run(boolean everySlope) {
      BoxTrace trace = BoxPropagation.over(live, x, set);
      compare("ibp_elided", trace.marginLowerBounds(labels));
      compare("ibp_plain", trace.plainMarginLowerBounds(labels));
      compareLayers("layers_ibp", live.network().nonlinear().stream().map(trace::operand).toList());
      backward("min_area", LowerSlope.ADAPTIVE, trace);
      if (everySlope) {
        backward("same_slope", LowerSlope.SAME, trace);
        backward("zero", LowerSlope.ZERO, trace);
      }
      return true;
    }

    private void backward(String rule, LowerSlope slope, BoxTrace trace) {
      CrownOptions options = CrownOptions.full().withSlope(slope);
      try (CrownBounds bounds = CrownBounds.overBoxes(trace, x, set, options)) {
        compare("crown_ibp_" + rule, bounds.marginLowerBounds(labels));
      }
      try (CrownBounds bounds = CrownBounds.of(live, x, set, options)) {
        compare("crown_" + rule, bounds.marginLowerBounds(labels));
        List<Node> relus = live.network().nonlinear();
        List<Box> boxes = relus.stream().map(bounds::preActivation).toList();
        if (golden.has("layers_crown_" + rule)) {
          compareLayers("layers_crown_" + rule, boxes);
        }
      }
    }

    private void compare(String what, NDArray margins) {
      double[] actual = HostTensor.copyOf(margins).toDoubles();
      JsonNode targets = golden.path("targets");
      for (int t = 0; t < targets.size(); t++) {
        close(what, actual[targets.get(t).asInt()], golden.path(what).get(t).asDouble());
      }
    }

    private void compareLayers(String what, List<Box> boxes) {
      JsonNode layers = golden.path(what);
      assertThat(boxes).as(what).hasSize(layers.size());
      for (int i = 0; i < boxes.size(); i++) {
        double[] lower = HostTensor.copyOf(boxes.get(i).lower()).toDoubles();
        double[] upper = HostTensor.copyOf(boxes.get(i).upper()).toDoubles();
        close(what, Arrays.stream(lower).sum(), layers.get(i).path("sum_l").asDouble());
        close(what, Arrays.stream(upper).sum(), layers.get(i).path("sum_u").asDouble());
      }
    }

    private void close(String what, double actual, double expected) {
      assertThat(Math.abs(actual - expected))
          .as(
              "%s of input %s, %s: %s, expected %s",
              what, golden.path("index"), set, actual, expected)
          .isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(expected)));
    }
  }
}
