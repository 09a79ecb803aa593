package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class L1Test {
  private static final int SAMPLES = 40;
  private static final int SIZE = 30;
  private static final double TOLERANCE = 1e-9;

  private final L1 norm = new L1();
  private final SplittableRandom random = new SplittableRandom(21);
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void project_knownPoint_isTheNearest() {
    double[] projected = values(norm.project(points(1, 0.5, -2, 0.1), 1));
    assertThat(projected).containsExactly(new double[] {0, -1, 0}, within(TOLERANCE));
    projected = values(norm.project(points(1, 0.5, -2, 0.1), 2));
    assertThat(projected).containsExactly(new double[] {0.25, -1.75, 0}, within(TOLERANCE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.5, 3, 9, 40})
  void project_anyPoint_isShrunkenUntilTheSumFits(double eps) {
    double[] given = random.doubles((long) SAMPLES * SIZE, -1, 1).toArray();
    double[] projected = values(norm.project(points(SAMPLES, given), eps));
    double[] open = new double[given.length];
    Arrays.fill(open, Double.POSITIVE_INFINITY);
    assertNearest(given, projected, open, open, eps);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.5, 3, 9, 40})
  void projectClipped_anyPoint_isTheNearestOfBallAndBox(double eps) {
    double[] x = pixels();
    double[] candidate = new double[x.length];
    Arrays.setAll(candidate, i -> x[i] + 3 * random.nextDouble() - 1.5);
    double[] projected =
        values(norm.projectClipped(points(SAMPLES, x), points(SAMPLES, candidate), eps));
    assertThat(Arrays.stream(projected)).allMatch(value -> value >= 0 && value <= 1);
    double[] given = new double[x.length];
    double[] moved = new double[x.length];
    double[] up = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      given[i] = candidate[i] - x[i];
      moved[i] = projected[i] - x[i];
      up[i] = 1 - x[i];
    }
    assertNearest(given, moved, x, up, eps);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void projectClipped_manyPixels_staysInTheBall(DataType type) {
    int size = 3072;
    double[] x = random.doubles(size, -0.2, 1.2).map(v -> Math.min(1, Math.max(0, v))).toArray();
    NDArray from = scope.tensor(x, type, 1, 3, 32, 32);
    NDArray candidate = scope.tensor(random.doubles(size).toArray(), type, 1, 3, 32, 32);
    NDArray projected = norm.projectClipped(from, candidate, 12);
    assertThat(projected.getShape()).isEqualTo(from.getShape());
    assertThat(projected.getDataType()).isEqualTo(type);
    double[] change = values(projected.toType(DataType.FLOAT64, true).sub(from));
    double rounding = type == DataType.FLOAT64 ? TOLERANCE : 1e-4;
    assertThat(norm.measure(change)).isCloseTo(12, within(rounding));
  }

  @Test
  void minimum_clipped_isReachedByItsPoint() {
    NormBall set = new NormBall(norm, 1, true);
    // The largest coefficient may take 0.3 of the radius, the next one 0.2, the last one the rest.
    NDArray x = points(1, 0.3, 0.8, 0.9);
    NDArray rows = points(1, 5, -3, 2).expandDims(0);
    double[] minimum = values(set.minimum(new Rows(rows), x));
    assertThat(minimum[0]).isCloseTo(5 * 0.0 - 3 * 1.0 + 2 * 0.4, within(TOLERANCE));
  }

  @Test
  void minimum_clipped_isNeverBelowTheWholeBallsAndNeverAboveAPoint() {
    for (double eps : new double[] {0.3, 2, 8}) {
      NDArray x = points(SAMPLES, pixels());
      NDArray rows = draw(SAMPLES, 4, SIZE);
      double[] clipped = values(new NormBall(norm, eps, true).minimum(new Rows(rows), x));
      double[] whole = values(new NormBall(norm, eps, false).minimum(new Rows(rows), x));
      NDArray downhill = rows.get(":,0").mul(-100);
      NDArray point = new NormBall(norm, eps, true).project(x, x.add(downhill));
      double[] reached = values(rows.get(":,0").mul(point).sum(new int[] {1}));
      for (int i = 0; i < clipped.length; i++) {
        assertThat(clipped[i]).isGreaterThanOrEqualTo(whole[i] - TOLERANCE);
      }
      for (int n = 0; n < SAMPLES; n++) {
        assertThat(clipped[4 * n]).isLessThanOrEqualTo(reached[n] + TOLERANCE);
      }
    }
  }

  @Test
  void attackDirection_clipped_movesTheLargestFreeCoordinates() {
    double[] gradient = new double[200];
    Arrays.fill(gradient, 0.1);
    gradient[3] = 9;
    gradient[5] = -8;
    gradient[7] = 5;
    gradient[8] = -4;
    double[] point = new double[200];
    Arrays.fill(point, 0.5);
    point[3] = 1;
    point[5] = 0;
    // 1 percent of 200 coordinates; the two largest could only leave [0,1].
    double[] inside = values(norm.attackDirection(points(1, gradient), points(1, point), true));
    double[] expected = new double[200];
    expected[7] = 0.5;
    expected[8] = -0.5;
    assertThat(inside).containsExactly(expected, within(TOLERANCE));
    double[] whole = values(norm.attackDirection(points(1, gradient), points(1, point), false));
    assertThat(whole[3]).isEqualTo(0.5);
    assertThat(whole[5]).isEqualTo(-0.5);
  }

  @Test
  void attackDirection_zeroGradient_isZero() {
    NDArray zero = points(2, new double[2 * SIZE]);
    assertThat(values(norm.attackDirection(zero, zero, true))).containsOnly(0);
    assertThat(values(norm.steepest(zero))).containsOnly(0);
  }

  /**
   * The conditions that make a point the nearest one: all entries shrunken by one threshold and
   * clipped; the threshold 0, or else the sum equal to the radius.
   */
  private static void assertNearest(
      double[] given, double[] projected, double[] down, double[] up, double eps) {
    for (int n = 0; n < given.length; n += SIZE) {
      int from = n;
      DoubleUnaryOperator sum =
          by -> {
            double total = 0;
            for (int i = from; i < from + SIZE; i++) {
              total += Math.abs(shrunken(given[i], by, down[i], up[i]));
            }
            return total;
          };
      double low = 0;
      double high = sum.applyAsDouble(0) <= eps ? 0 : 2;
      for (int step = 0; step < 100; step++) {
        double middle = 0.5 * (low + high);
        if (sum.applyAsDouble(middle) > eps) {
          low = middle;
        } else {
          high = middle;
        }
      }
      for (int i = n; i < n + SIZE; i++) {
        assertThat(projected[i]).isCloseTo(shrunken(given[i], high, down[i], up[i]), within(1e-9));
      }
    }
  }

  private static double shrunken(double entry, double by, double down, double up) {
    double size = Math.max(0, Math.abs(entry) - by);
    return Math.max(-down, Math.min(up, Math.signum(entry) * size));
  }

  private double[] pixels() {
    return random
        .doubles((long) SAMPLES * SIZE, -0.3, 1.3)
        .map(value -> Math.min(1, Math.max(0, value)))
        .toArray();
  }

  private NDArray draw(long... shape) {
    long size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return scope.tensor(random.doubles(size, -1, 1).toArray(), DataType.FLOAT64, shape);
  }

  private NDArray points(int samples, double... values) {
    return scope.tensor(values, DataType.FLOAT64, samples, values.length / samples);
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
