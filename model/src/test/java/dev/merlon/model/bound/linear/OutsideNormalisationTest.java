package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A model that sees the last place of its float32 input, behind a normalisation that is rounded
 * before it is given to the model: bounds have to hold for what the model is given.
 */
class OutsideNormalisationTest {
  private static final double MEAN = 0.1307;
  private static final double STD = 0.3081;
  private static final double STEEP = 0x1p40;
  private static final int TRIALS = 30;

  @Test
  void bounds_behindRoundedInputs_holdForTheRoundedOnes() {
    assertThat(violations(true, Rounding.REAL)).isZero();
    assertThat(violations(true, Rounding.DEPLOYED)).isZero();
  }

  @Test
  void bounds_withoutThatRounding_wouldNotHold() {
    assertThat(violations(false, Rounding.REAL)).isGreaterThan(TRIALS / 4);
    assertThat(violations(true, Rounding.IGNORED)).isGreaterThan(TRIALS / 4);
  }

  /** How many margins at a float32 input are below one of their lower bounds. */
  private static int violations(boolean outside, Rounding rounding) {
    SplittableRandom random = new SplittableRandom(5);
    int violations = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      float x = (float) random.nextDouble();
      double exact = (x - MEAN) / STD;
      double margin = STEEP * ((float) exact - exact);
      violations += largestBound(x, exact, outside, rounding) > margin ? 1 : 0;
    }
    return violations;
  }

  /** Over the single point, by boxes and backwards, for every norm. */
  private static double largestBound(
      float x, double threshold, boolean outside, Rounding rounding) {
    Network.Builder layers = Network.builder(new Shape(1));
    layers.append("normalise", new Normalize(List.of(MEAN), List.of(STD), outside));
    layers.append("first", new Linear(1, 1, false));
    layers.append("logits", new Linear(1, 2, true));
    Network network = layers.build();
    ParameterValues values =
        ParameterValues.of(
            network,
            Map.of(
                "first.weight", HostTensor.of(new double[] {1}, 1, 1),
                "logits.weight", HostTensor.of(new double[] {STEEP, 0}, 2, 1),
                "logits.bias", HostTensor.of(new double[] {-STEEP * threshold, 0}, 2)));
    try (Scope scope = Scope.open("outside normalisation")) {
      LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      NDArray point = scope.tensor(new double[] {x}, DataType.FLOAT64, 1, 1);
      NDArray label = scope.labels(0);
      CrownOptions options = CrownOptions.full().withRounding(rounding);
      return Autograd.withoutGradients(
          () ->
              Norms.ALL.stream()
                  .map(norm -> new NormBall(norm, 0, true))
                  .mapToDouble(
                      set ->
                          Math.max(
                              BoxPropagation.over(live, InputSet.around(point, set), rounding)
                                  .marginLowerBounds(label)
                                  .getDouble(0, 1),
                              Crown.crown(live, point, set, label, options).getDouble(0, 1)))
                  .max()
                  .orElseThrow());
    }
  }
}
