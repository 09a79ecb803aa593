package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.CounterRandom;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SoftmaxBoundsTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final int CASES = 2_000;

  @Test
  void bounds_knownDifferences_encloseTheExactSoftmaxTightly() {
    RandomGenerator random = CounterRandom.of(3, 0, 0, CounterRandom.Role.EVALUATION);
    for (int n = 0; n < CASES; n++) {
      double scale = Math.pow(10, random.nextInt(4) - 2);
      double[] differences = new double[1 + random.nextInt(4)];
      Arrays.setAll(differences, i -> scale * random.nextGaussian());
      BigDecimal exact = BigDecimal.ONE.divide(sum(differences), DIGITS);

      double highest = SoftmaxBounds.highest(Ending.SOFTMAX, differences);
      double lowest = SoftmaxBounds.lowest(Ending.SOFTMAX, differences);

      assertThat(new BigDecimal(highest)).isGreaterThanOrEqualTo(exact);
      assertThat(new BigDecimal(lowest)).isLessThanOrEqualTo(exact);
      assertThat(highest - lowest).isLessThanOrEqualTo(1e-11 * highest);
    }
  }

  @Test
  void bounds_knownDifferences_encloseTheExactLogSoftmax() {
    RandomGenerator random = CounterRandom.of(3, 0, 1, CounterRandom.Role.EVALUATION);
    for (int n = 0; n < CASES; n++) {
      double scale = Math.pow(10, random.nextInt(4) - 2);
      double[] differences = new double[1 + random.nextInt(4)];
      Arrays.setAll(differences, i -> scale * random.nextGaussian());
      BigDecimal sum = sum(differences);

      double highest = SoftmaxBounds.highest(Ending.LOG_SOFTMAX, differences);
      double lowest = SoftmaxBounds.lowest(Ending.LOG_SOFTMAX, differences);

      // y >= -log(sum) is exp(-y) <= sum: the logarithm is compared through the exponential.
      assertThat(exp(-highest)).isLessThanOrEqualTo(sum);
      assertThat(exp(-lowest)).isGreaterThanOrEqualTo(sum);
      assertThat(highest - lowest).isLessThanOrEqualTo(1e-11 * (1 - lowest));
    }
  }

  @Test
  void bounds_extremeDifferences_stayWithinWhatASoftmaxCanBe() {
    for (double far : new double[] {700, 745, 800, 1e300}) {
      assertThat(SoftmaxBounds.highest(Ending.SOFTMAX, -far)).isEqualTo(1);
      assertThat(SoftmaxBounds.lowest(Ending.SOFTMAX, -far)).isLessThan(1);
      assertThat(SoftmaxBounds.highest(Ending.SOFTMAX, far)).isPositive();
      assertThat(SoftmaxBounds.lowest(Ending.SOFTMAX, far)).isNotNegative();
      assertThat(SoftmaxBounds.highest(Ending.LOG_SOFTMAX, -far)).isBetween(-1e-300, 0.0);
      assertThat(SoftmaxBounds.lowest(Ending.LOG_SOFTMAX, far)).isLessThanOrEqualTo(-far);
    }
  }

  @Test
  void bounds_differencesWithoutABound_saySoOnlyWhatTheOthersShow() {
    for (double none : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThat(SoftmaxBounds.highest(Ending.SOFTMAX, none)).isEqualTo(1);
      assertThat(SoftmaxBounds.highest(Ending.SOFTMAX, none, 0)).isBetween(0.5, 0.5000001);
    }
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(SoftmaxBounds.lowest(Ending.SOFTMAX, none, -5)).isZero();
      assertThat(SoftmaxBounds.lowest(Ending.LOG_SOFTMAX, none, -5))
          .isEqualTo(Double.NEGATIVE_INFINITY);
    }
  }

  /** {@code 1 + sum exp(d_j)}. */
  private static BigDecimal sum(double... differences) {
    return Arrays.stream(differences)
        .mapToObj(SoftmaxBoundsTest::exp)
        .reduce(BigDecimal.ONE, (a, b) -> a.add(b, DIGITS));
  }

  /** The exponential to about 50 digits: a series of the argument halved often, then squared. */
  private static BigDecimal exp(double value) {
    int halvings = Math.max(0, Math.getExponent(value) + 8);
    BigDecimal small = new BigDecimal(value).divide(BigDecimal.valueOf(2).pow(halvings), DIGITS);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i < 30; i++) {
      term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }
}
