package dev.merlon.model.bound;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReluRelaxationTest {
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
      ReluRelaxation lines = ReluRelaxation.of(box(scope, l, u), rule, scope);
      assertThat(lines.lowerSlope().toDoubleArray()).containsExactly(lower);
      assertThat(lines.upperSlope().toDoubleArray()).containsExactly(upper);
      assertThat(lines.upperIntercept().toDoubleArray()[0]).isEqualTo(intercept + 0.0);
    }
  }

  @ParameterizedTest
  @EnumSource(LowerSlope.class)
  void of_anyBounds_holdsTheRectifier(LowerSlope rule) {
    try (Scope scope = Scope.open("test")) {
      double[] lower = {-2, -1, -0.1, 0, 0.5, -3};
      double[] upper = {1, 2, 0.1, 1, 0.7, -1};
      Box box = Box.between(row(scope, lower), row(scope, upper));
      ReluRelaxation lines = ReluRelaxation.of(box, rule, scope);
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

  private static Box box(Scope scope, double l, double u) {
    return Box.between(row(scope, l), row(scope, u));
  }

  private static NDArray row(Scope scope, double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, values.length);
  }
}
