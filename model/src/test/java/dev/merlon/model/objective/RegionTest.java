package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionTest {
  private static final double EPS = 0.1;
  private static final NormBall BALL = new NormBall(new LInf(), EPS, true);
  private static final double ROUNDING = 1e-15;

  @ParameterizedTest
  @EnumSource
  void box_pointOfTheSet_liesInTheSet(RegionForm form) {
    for (double ratio : new double[] {0.05, 0.4, 0.5}) {
      try (Scope scope = Scope.open("test")) {
        Sample sample = new Sample(scope, form.searchesInside() ? (1 - ratio) * EPS : EPS);
        Box box = new Region.Small(0, BALL, ratio, form).box(sample.x, List.of(sample.point));
        double[] lower = values(box.lower());
        double[] upper = values(box.upper());
        double[] outerLower = values(BALL.lower(sample.x));
        double[] outerUpper = values(BALL.upper(sample.x));
        for (int i = 0; i < lower.length; i++) {
          assertThat(lower[i]).isGreaterThanOrEqualTo(outerLower[i] - ROUNDING);
          assertThat(upper[i]).isLessThanOrEqualTo(outerUpper[i] + ROUNDING);
          assertThat(upper[i] - lower[i]).isBetween(0.0, 2 * ratio * EPS + ROUNDING);
        }
      }
    }
  }

  // Ratios above a half do not fit the scalar box at clipped pixels; the others always fit.
  @ParameterizedTest
  @EnumSource(names = {"DIMWISE", "PAPER", "BALL"})
  void box_largeRatio_stillLiesInTheSet(RegionForm form) {
    double ratio = 0.9;
    try (Scope scope = Scope.open("test")) {
      Sample sample = new Sample(scope, form.searchesInside() ? (1 - ratio) * EPS : EPS);
      Box box = new Region.Small(0, BALL, ratio, form).box(sample.x, List.of(sample.point));
      double[] lower = values(box.lower());
      double[] outer = values(BALL.lower(sample.x));
      for (int i = 0; i < lower.length; i++) {
        assertThat(lower[i]).isGreaterThanOrEqualTo(outer[i] - ROUNDING);
      }
    }
  }

  @Test
  void box_paper_isCentredAtThePoint() {
    try (Scope scope = Scope.open("test")) {
      NDArray x = scope.tensor(new double[] {0.5, 0.02}, DataType.FLOAT64, 1, 1, 1, 2);
      NDArray point = scope.tensor(new double[] {0.55, 0.01}, DataType.FLOAT64, 1, 1, 1, 2);
      Box box = new Region.Small(0, BALL, 0.4, RegionForm.PAPER).box(x, List.of(point));
      assertThat(values(box.lower())).containsExactly(0.55 - 0.4 * EPS, 0);
      assertThat(values(box.upper())).containsExactly(0.55 + 0.4 * EPS, 0.01 + 0.4 * EPS);
    }
  }

  @Test
  void box_dimwiseRatioOne_isTheWholeSet() {
    try (Scope scope = Scope.open("test")) {
      Sample sample = new Sample(scope, EPS);
      Box small =
          new Region.Small(0, BALL, 1, RegionForm.DIMWISE).box(sample.x, List.of(sample.point));
      Box whole = new Region.Whole(BALL).box(sample.x, List.of());
      double[] expected = values(whole.lower());
      double[] actual = values(small.lower());
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i])).isLessThan(1e-14);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void box_zeroRadius_isThePoint(RegionForm form) {
    try (Scope scope = Scope.open("test")) {
      Sample sample = new Sample(scope, 0);
      Region region = new Region.Small(0, BALL.withEps(0), 0.4, form);
      Box box = region.box(sample.x, List.of(sample.point));
      assertThat(values(box.lower())).isEqualTo(values(sample.x));
      assertThat(values(box.upper())).isEqualTo(values(sample.x));
      assertThat(region.eps()).isZero();
    }
  }

  @Test
  void box_secondAttack_takesItsPoint() {
    try (Scope scope = Scope.open("test")) {
      Sample one = new Sample(scope, EPS);
      Sample two = new Sample(scope, EPS / 2);
      Box box =
          new Region.Small(1, BALL, 0.1, RegionForm.PAPER)
              .box(one.x, List.of(one.point, two.point));
      Box expected =
          new Region.Small(0, BALL, 0.1, RegionForm.PAPER).box(one.x, List.of(two.point));
      assertThat(values(box.lower())).isEqualTo(values(expected.lower()));
    }
  }

  /** Images with some pixels at 0, at 1 and close to them, and a point around each. */
  private static final class Sample {
    private final NDArray x;
    private final NDArray point;

    Sample(Scope scope, double reach) {
      RandomGenerator random = CounterRandom.of(4, 0, 0, CounterRandom.Role.DATA);
      double[] pixels = new double[200];
      double[] moved = new double[pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = Math.max(0, Math.min(1, 1.3 * random.nextDouble() - 0.15));
        double shift = reach * (2 * random.nextDouble() - 1);
        moved[i] = Math.max(0, Math.min(1, pixels[i] + shift));
      }
      x = scope.tensor(pixels, DataType.FLOAT64, 2, 1, 10, 10);
      point = scope.tensor(moved, DataType.FLOAT64, 2, 1, 10, 10);
    }
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
