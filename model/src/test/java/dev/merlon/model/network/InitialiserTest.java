package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.RunSettings;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.sample.SampleRun;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialiserTest {
  private static final RunSettings SETTINGS =
      SampleRun.settings("network.preset=cnn5", "network.width=24");
  private static final Network NETWORK = SampleRun.network(SETTINGS);
  private static final ParameterValues IBP = new Initialiser(Initialisation.IBP).draw(NETWORK, 1);
  private static final ParameterValues DEFAULT =
      new Initialiser(Initialisation.DEFAULT).draw(NETWORK, 1);

  @Test
  void draw_ibp_hiddenWeightsHaveShisDeviation() {
    assertDeviation("conv2.weight", Math.sqrt(2 * Math.PI) / (24 * 4 * 4));
    assertDeviation("conv3.weight", Math.sqrt(2 * Math.PI) / (24 * 4 * 4));
    assertDeviation("linear1.weight", Math.sqrt(2 * Math.PI) / (48 * 2 * 2));
  }

  @Test
  void draw_ibp_weightsBehindASumAreHalved() {
    Network network =
        SampleRun.network(SampleRun.settings("network.preset=resnet2b", "network.width=16"));
    ParameterValues drawn = new Initialiser(Initialisation.IBP).draw(network, 1);
    assertDeviation(drawn, "conv2.weight", Math.sqrt(2 * Math.PI) / (16 * 3 * 3));
    assertDeviation(drawn, "conv4.weight", Math.sqrt(2 * Math.PI) / 16);
    assertDeviation(drawn, "conv5.weight", Math.sqrt(2 * Math.PI) / (32 * 3 * 3) / 2);
    assertDeviation(drawn, "conv6.weight", Math.sqrt(2 * Math.PI) / (32 * 3 * 3));
    // A flattened sum is not one, as in Shi's code.
    long length = drawn.get("linear1.weight").shape().get(1);
    assertDeviation(drawn, "linear1.weight", Math.sqrt(2 * Math.PI) / length);
  }

  @Test
  void draw_ibp_groupedConvolutionsCountTheirGroupOnly() {
    Network network =
        SampleRun.network(SampleRun.settings("network.preset=resnext", "network.width=32"));
    ParameterValues drawn = new Initialiser(Initialisation.IBP).draw(network, 1);
    assertDeviation(drawn, "conv3.weight", Math.sqrt(2 * Math.PI) / (16 * 3 * 3));
  }

  @Test
  void draw_ibp_everythingElseIsTheDefault() {
    for (String name : NETWORK.parameters().keySet()) {
      boolean hidden = name.endsWith(".weight") && !name.startsWith("bn") && !isLast(name);
      assertThat(IBP.get(name).equals(DEFAULT.get(name))).as(name).isEqualTo(!hidden);
    }
  }

  @Test
  void draw_default_isUniformByFanIn() {
    for (String layer : List.of("conv1", "conv2", "linear1", "linear2")) {
      double[] weights = DEFAULT.get(layer + ".weight").toDoubles();
      long[] shape = DEFAULT.get(layer + ".weight").shape().getShape();
      double limit =
          1 / Math.sqrt((double) Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b));
      assertThat(largest(weights)).as(layer).isBetween(0.8 * limit, limit);
      assertThat(largest(DEFAULT.get(layer + ".bias").toDoubles())).isLessThanOrEqualTo(limit);
      assertThat(deviation(weights))
          .isBetween(0.85 * limit / Math.sqrt(3), 1.15 * limit / Math.sqrt(3));
    }
  }

  @Test
  void draw_batchNorm_startsAsTheIdentity() {
    assertThat(IBP.get("bn1.weight").toDoubles()).containsOnly(1);
    assertThat(IBP.get("bn1.bias").toDoubles()).containsOnly(0);
    assertThat(IBP.get("bn1.running_mean").toDoubles()).containsOnly(0);
    assertThat(IBP.get("bn1.running_var").toDoubles()).containsOnly(1);
  }

  @Test
  void draw_equalSeeds_areEqualBitForBitAndOthersDiffer() {
    Initialiser initialiser = new Initialiser(Initialisation.IBP);
    assertThat(initialiser.draw(NETWORK, 1)).isEqualTo(IBP);
    ParameterValues other = initialiser.draw(NETWORK, 2);
    assertThat(other.get("conv1.weight")).isNotEqualTo(IBP.get("conv1.weight"));
    assertThat(other.get("linear2.bias")).isNotEqualTo(IBP.get("linear2.bias"));
  }

  @Test
  void draw_layersOfOneNetwork_haveStreamsOfTheirOwn() {
    double[] two = IBP.get("conv2.weight").toDoubles();
    double[] three = IBP.get("conv3.weight").toDoubles();
    assertThat(Arrays.copyOf(three, 20)).isNotEqualTo(Arrays.copyOf(two, 20));
  }

  private static boolean isLast(String name) {
    return name.startsWith(NETWORK.output().name() + ".");
  }

  private static void assertDeviation(String name, double expected) {
    assertDeviation(IBP, name, expected);
  }

  private static void assertDeviation(ParameterValues values, String name, double expected) {
    double[] weights = values.get(name).toDoubles();
    double spread = expected * 4 / Math.sqrt(2.0 * weights.length);
    assertThat(deviation(weights)).as(name).isBetween(expected - spread, expected + spread);
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double deviation(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).average().orElseThrow());
  }
}
