package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RectifierLinesTest {
  @ParameterizedTest
  @CsvSource({
    // l, u, rule, lower slope, upper slope, intercept
    "-3, 1, ADAPTIVE, 0, 0.25, 0.75",
    "-1, 3, ADAPTIVE, 1, 0.75, 0.75",
    "-2, 2, ADAPTIVE, 0, 0.5, 1",
    "-1, 3, SAME, 0.75, 0.75, 0.75",
    "-1, 3, ZERO, 0, 0.75, 0.75",
    "0, 2, ZERO, 1, 1, 0",
    "1, 2, ADAPTIVE, 1, 1, 0",
    "0, 0, ADAPTIVE, 1, 1, 0",
    "-2, 0, ADAPTIVE, 0, 0, 0",
    "-2, -1, SAME, 0, 0, 0"
  })
  void of_bounds_givesTheLines(
      double l, double u, LowerSlope rule, double lower, double upper, double intercept) {
    try (Scope scope = Scope.open("test")) {
      Lines lines = RectifierLines.of(box(scope, l, u), 0, rule, scope);
      assertThat(lines.lowerSlope().toDoubleArray()).containsExactly(lower);
      assertThat(lines.upperSlope().toDoubleArray()).containsExactly(upper);
      // Raised by what its rounding may cost.
      assertThat(lines.upperIntercept().toDoubleArray()[0]).isBetween(intercept, intercept + 1e-14);
    }
  }

  @ParameterizedTest
  @EnumSource(LowerSlope.class)
  void of_anyBounds_holdsTheRectifier(LowerSlope rule) {
    try (Scope scope = Scope.open("test")) {
      double[] lower = {-2, -1, -0.1, 0, 0.5, -3};
      double[] upper = {1, 2, 0.1, 1, 0.7, -1};
      Box box = Box.between(row(scope, lower), row(scope, upper));
      Lines lines = RectifierLines.of(box, 0, rule, scope);
      for (double t = 0; t <= 1; t += 0.125) {
        NDArray z = box.lower().mul(1 - t).add(box.upper().mul(t));
        NDArray relu = z.maximum(0);
        NDArray below = z.mul(lines.lowerSlope());
        NDArray above = z.mul(lines.upperSlope()).add(lines.upperIntercept());
        assertThat(relu.sub(below).min().toDoubleArray()[0]).isGreaterThanOrEqualTo(-1e-15);
        assertThat(above.sub(relu).min().toDoubleArray()[0]).isGreaterThanOrEqualTo(-1e-15);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // l, u, leak, rule, lower slope, upper slope, intercept
    "-3, 1, 0.2, ADAPTIVE, 0.2, 0.4, 0.6",
    "-1, 3, 0.2, ADAPTIVE, 1, 0.8, 0.6",
    "-1, 3, 0.2, SAME, 0.8, 0.8, 0.6",
    "-1, 3, 0.2, ZERO, 0.2, 0.8, 0.6",
    "1, 2, 0.2, ZERO, 1, 1, 0",
    "-2, -1, 0.2, ADAPTIVE, 0.2, 0.2, 0",
    "-2, 0, 0.2, SAME, 0.2, 0.2, 0"
  })
  void of_leakyRectifier_givesTheLines(
      double l,
      double u,
      double leak,
      LowerSlope rule,
      double lower,
      double upper,
      double intercept) {
    try (Scope scope = Scope.open("test")) {
      Lines lines = RectifierLines.of(box(scope, l, u), leak, rule, scope);
      assertThat(lines.lowerSlope().toDoubleArray()[0]).isCloseTo(lower, within(1e-15));
      assertThat(lines.upperSlope().toDoubleArray()[0]).isCloseTo(upper, within(1e-15));
      assertThat(lines.upperIntercept().toDoubleArray()[0]).isCloseTo(intercept, within(1e-14));
      assertThat(lines.lowerIntercept()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(LowerSlope.class)
  void of_intervalsOfEveryKind_holdTheLeakyRectifier(LowerSlope rule) {
    SplittableRandom random = new SplittableRandom(7);
    for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
      double ulp = type == DataType.FLOAT32 ? Math.ulp(1f) : Math.ulp(1d);
      for (double leak : new double[] {0, 0.01, 0.5, 0.99}) {
        try (Scope scope = Scope.open("test")) {
          double[] lower = new double[600];
          double[] upper = new double[600];
          for (int i = 0; i < lower.length; i++) {
            double scale = Math.pow(10, random.nextDouble(-12, 12));
            lower[i] = (float) (scale * random.nextDouble(-1, 1));
            double width = scale * Math.pow(10, random.nextDouble(-8, 2)) * (i % 7);
            upper[i] = Math.max(lower[i], (float) (lower[i] + width));
          }
          Box box =
              Box.between(
                  scope.tensor(lower, type, 1, lower.length),
                  scope.tensor(upper, type, 1, upper.length));
          Lines lines = RectifierLines.of(box, leak, rule, scope);
          double[] below = HostTensor.copyOf(lines.lowerSlope()).toDoubles();
          double[] above = HostTensor.copyOf(lines.upperSlope()).toDoubles();
          double[] intercept = HostTensor.copyOf(lines.upperIntercept()).toDoubles();
          for (int i = 0; i < lower.length; i++) {
            double rounding = 4 * ulp * Math.max(Math.abs(lower[i]), Math.abs(upper[i]));
            for (double t = 0; t <= 1; t += 1.0 / 64) {
              double z = lower[i] * (1 - t) + upper[i] * t;
              double y = Math.max(z, leak * z);
              assertThat(below[i] * z).isLessThanOrEqualTo(y + rounding);
              assertThat(above[i] * z + intercept[i]).isGreaterThanOrEqualTo(y - rounding);
            }
          }
        }
      }
    }
  }

  private static Box box(Scope scope, double l, double u) {
    return Box.between(row(scope, l), row(scope, u));
  }

  private static NDArray row(Scope scope, double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, values.length);
  }
}
