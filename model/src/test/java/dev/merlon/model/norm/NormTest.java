package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every norm must keep, whatever it measures. */
class NormTest {
  private static final double EPS = 0.3;
  private static final double TOLERANCE = 1e-9;

  private final SplittableRandom random = new SplittableRandom(11);
  private Scope scope;

  static Stream<Norm> norms() {
    return Norms.ALL.stream();
  }

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @MethodSource("norms")
  void of_itsName_findsIt(Norm norm) {
    assertThat(Norm.of(norm.name())).isEqualTo(norm);
  }

  @Test
  void of_unknownName_namesTheKnown() {
    assertThatThrownBy(() -> Norm.of("l7"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("l7");
  }

  @ParameterizedTest
  @MethodSource("norms")
  void steepest_anyGradient_reachesTheDualNorm(Norm norm) {
    NDArray gradient = draw(4, 6);
    double[] reached = doubles(gradient.mul(norm.steepest(gradient)).sum(new int[] {1}));
    assertThat(reached).containsExactly(doubles(norm.dualNorm(gradient)), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void dualNorm_anyRowAndPerturbation_boundsTheirProduct(Norm norm) {
    NDArray rows = draw(50, 6);
    NDArray unit = norm.randomStart(random, scope, DataType.FLOAT64, 1, 50, 6);
    double[] products = doubles(rows.mul(unit).sum(new int[] {1}));
    double[] bounds = doubles(norm.dualNorm(rows));
    for (int i = 0; i < products.length; i++) {
      assertThat(products[i]).isLessThanOrEqualTo(bounds[i] + TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void dualNorm_rowOfZeros_hasGradientZero(Norm norm) {
    double[] gradient =
        Autograd.recording(
            () -> {
              NDArray rows = scope.leaf(scope.tensor(new double[3], DataType.FLOAT64, 1, 3));
              Autograd.backward(norm.dualNorm(rows).sum());
              return doubles(Autograd.gradient(rows));
            });
    assertThat(gradient).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("norms")
  void project_anyPoint_liesInTheBallAndStaysThere(Norm norm) {
    NDArray projected = norm.project(draw(20, 5), EPS);
    for (double[] row : rows(projected)) {
      assertThat(norm.measure(row)).isLessThanOrEqualTo(EPS + TOLERANCE);
    }
    assertThat(doubles(norm.project(projected, EPS)))
        .containsExactly(doubles(projected), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void project_pointInside_isUnchanged(Norm norm) {
    NDArray inside = norm.randomStart(random, scope, DataType.FLOAT64, 0.9 * EPS, 20, 5);
    assertThat(doubles(norm.project(inside, EPS)))
        .containsExactly(doubles(inside), within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void randomStart_manyDraws_fillTheBall(Norm norm) {
    double largest = 0;
    for (double[] row : rows(norm.randomStart(random, scope, DataType.FLOAT64, EPS, 300, 4))) {
      assertThat(norm.measure(row)).isLessThanOrEqualTo(EPS + TOLERANCE);
      largest = Math.max(largest, norm.measure(row));
    }
    assertThat(largest).isGreaterThan(0.9 * EPS);
  }

  private NDArray draw(int rows, int columns) {
    double[] values = random.doubles((long) rows * columns, -2, 2).toArray();
    return scope.tensor(values, DataType.FLOAT64, rows, columns);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }

  private static double[][] rows(NDArray array) {
    double[] flat = doubles(array);
    int columns = Math.toIntExact(array.getShape().get(1));
    double[][] rows = new double[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      rows[i / columns][i % columns] = flat[i];
    }
    return rows;
  }
}
