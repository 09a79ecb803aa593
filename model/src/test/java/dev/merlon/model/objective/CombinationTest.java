package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Combinations of two terms with losses (1, 3) and (4, 2) of two samples. */
class CombinationTest {
  private static final double[] FIRST = {1, 3};
  private static final double[] SECOND = {4, 2};
  private static final double STEP = 1e-6;

  @Test
  void weighted_twoTerms_isTheSumOfTheirMeans() {
    assertMatches(new Combination.Weighted(List.of(0.25, 0.75)), 0.25 * 2 + 0.75 * 3);
  }

  @Test
  void geometric_twoTerms_isThatOfTheirMeans() {
    for (double share : new double[] {0, 0.04, 0.5, 1}) {
      assertMatches(new Combination.Geometric(share), Math.pow(2, 1 - share) * Math.pow(3, share));
    }
  }

  @Test
  void geometric_lossOfZero_hasFiniteGradients() {
    Result result = evaluate(new Combination.Geometric(0.5), new double[] {0, 0}, SECOND);
    assertThat(result.value()).isCloseTo(0, Offset.offset(1e-12));
    assertThat(result.first()).containsExactly(0.0, 0.0);
    assertThat(result.second()).allMatch(Double::isFinite);
  }

  @Test
  void product_equalWeights_isTheProductOfMeans() {
    assertMatches(new Combination.Product(1, 1, false), 2 * 3);
  }

  @Test
  void product_perSample_isTheMeanOfProducts() {
    assertMatches(new Combination.Product(1, 1, true), (4.0 + 6) / 2);
  }

  @Test
  void product_unequalWeights_changeTheGradientAlone() {
    for (boolean perSample : new boolean[] {false, true}) {
      Result plain = evaluate(new Combination.Product(1, 1, perSample), FIRST, SECOND);
      for (double weight : new double[] {0, 0.5, 1000}) {
        Result result = evaluate(new Combination.Product(weight, 2, perSample), FIRST, SECOND);
        assertThat(result.value()).isEqualTo(plain.value());
        for (int i = 0; i < 2; i++) {
          assertThat(result.first().get(i)).isEqualTo(weight * plain.first().get(i));
          assertThat(result.second().get(i)).isEqualTo(2 * plain.second().get(i));
        }
      }
    }
  }

  @Test
  void taps_settings_weighBothSides() {
    assertThat(taps("weight=5")).isEqualTo(new Combination.Product(5, 1, false));
    assertThat(taps("weight=0")).isEqualTo(new Combination.Product(0, 1, false));
    assertThat(taps("weight=3", "gradient-scale=paper"))
        .isEqualTo(new Combination.Product(1.5, 0.5, false));
    assertThat(taps("weight=infinity", "gradient-scale=paper"))
        .isEqualTo(new Combination.Product(2, 0, false));
    assertThat(taps("weight=1", "combination=product-per-sample", "gradient-scale=paper"))
        .isEqualTo(new Combination.Product(1, 1, true));
    assertThat(taps("combination=latent")).isEqualTo(new Combination.Mean());
  }

  private static Combination taps(String... changes) {
    String[] keys = new String[changes.length + 1];
    keys[0] = "objective.kind=taps";
    for (int i = 0; i < changes.length; i++) {
      keys[i + 1] = "objective.taps." + changes[i];
    }
    return Combination.taps(SampleRun.settings(keys).objective().latent().orElseThrow());
  }

  private record Result(double value, List<Double> first, List<Double> second) {}

  private static void assertMatches(Combination combination, double expected) {
    Result result = evaluate(combination, FIRST, SECOND);
    assertThat(result.value()).isCloseTo(expected, Offset.offset(1e-12));
    for (int i = 0; i < 2; i++) {
      double first =
          evaluate(combination, moved(FIRST, i, STEP), SECOND).value()
              - evaluate(combination, moved(FIRST, i, -STEP), SECOND).value();
      assertThat(result.first().get(i)).isCloseTo(first / (2 * STEP), Offset.offset(1e-8));
      double second =
          evaluate(combination, FIRST, moved(SECOND, i, STEP)).value()
              - evaluate(combination, FIRST, moved(SECOND, i, -STEP)).value();
      assertThat(result.second().get(i)).isCloseTo(second / (2 * STEP), Offset.offset(1e-8));
    }
  }

  private static double[] moved(double[] losses, int index, double step) {
    double[] moved = losses.clone();
    moved[index] += step;
    return moved;
  }

  private static Result evaluate(Combination combination, double[] first, double[] second) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.recording(
          () -> {
            NDArray a = scope.leaf(scope.tensor(first, DataType.FLOAT64, 2));
            NDArray b = scope.leaf(scope.tensor(second, DataType.FLOAT64, 2));
            NDArray loss = combination.of(List.of(a, b));
            double value = loss.getDouble();
            Autograd.backward(loss);
            return new Result(value, gradient(a), gradient(b));
          });
    }
  }

  private static List<Double> gradient(NDArray leaf) {
    return Arrays.stream(Autograd.gradient(leaf).toDoubleArray()).boxed().toList();
  }
}
