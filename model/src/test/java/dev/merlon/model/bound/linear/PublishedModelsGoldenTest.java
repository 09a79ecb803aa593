package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All bounds of published models, for l_inf and l_2, against golden numbers. */
class PublishedModelsGoldenTest {
  private static final double TOLERANCE = 1e-7;
  // The adaptive slope is compared in every case, the others, which cost as much, in some.
  private static final int EVERY_SLOPE = 4;

  static List<PublishedModel> models() {
    return PublishedFolder.found().bounds();
  }

  @ParameterizedTest
  @MethodSource("models")
  void bounds_publishedModel_asGolden(PublishedModel model) {
    PublishedCase.each(
        model, (i, published) -> new Comparison(published, i % EVERY_SLOPE == 0).run());
  }

  /** One input, one norm, one radius. */
  private record Comparison(PublishedCase published, boolean everySlope) {
    void run() {
      LiveNetwork live = published.live();
      BoxTrace trace = BoxPropagation.over(live, published.x(), published.set());
      NDArray labels = published.labels();
      compare("ibp_elided", trace.marginLowerBounds(labels));
      compare("ibp_plain", trace.plainMarginLowerBounds(labels));
      compareLayers("layers_ibp", live.network().nonlinear().stream().map(trace::operand).toList());
      backward("min_area", LowerSlope.ADAPTIVE, trace);
      if (everySlope) {
        backward("same_slope", LowerSlope.SAME, trace);
        backward("zero", LowerSlope.ZERO, trace);
      }
    }

    private void backward(String rule, LowerSlope slope, BoxTrace trace) {
      CrownOptions options = CrownOptions.full().withSlope(slope);
      LiveNetwork live = published.live();
      NDArray x = published.x();
      NormBall set = published.set();
      NDArray labels = published.labels();
      try (CrownBounds bounds = CrownBounds.overBoxes(trace, x, set, options)) {
        compare("crown_ibp_" + rule, bounds.marginLowerBounds(labels));
      }
      try (CrownBounds bounds = CrownBounds.of(live, x, set, options)) {
        compare("crown_" + rule, bounds.marginLowerBounds(labels));
        List<Node> relus = live.network().nonlinear();
        List<Box> boxes = relus.stream().map(bounds::preActivation).toList();
        if (published.golden().has("layers_crown_" + rule)) {
          compareLayers("layers_crown_" + rule, boxes);
        }
      }
    }

    private void compare(String what, NDArray margins) {
      double[] actual = HostTensor.copyOf(margins).toDoubles();
      double[] expected = published.numbers(what);
      for (int t = 0; t < expected.length; t++) {
        close(what, actual[published.targets()[t]], expected[t]);
      }
    }

    private void compareLayers(String what, List<Box> boxes) {
      JsonNode layers = published.golden().path(what);
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
              what, published.golden().path("index"), published.set(), actual, expected)
          .isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(expected)));
    }
  }
}
