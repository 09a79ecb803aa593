package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class L2Test {
  private static final double TOLERANCE = 1e-12;
  private static final int SIZE = 30;
  private static final int ROWS = 4;
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
    assertThat(NativeMemory.openScopes()).doesNotContainKey("euclidean minimum");
  }

  // The first pixel is black and the row wants it darker: all of the radius is the second's.
  @Test
  void minimum_pixelAtTheBorder_leavesItsShareToTheOthers() {
    NDArray x = points(0, 0.5);
    assertThat(minimum(x, points(3, -4), 0.2, true)).isCloseTo(-4 * 0.7, within(TOLERANCE));
    assertThat(minimum(x, points(3, -4), 0.2, false)).isCloseTo(-4 * 0.5 - 5 * 0.2, within(1e-9));
  }

  // The first pixel may fall by 0.1 of the 0.16 that are its share of 0.2; the rest is sqrt(0.03).
  @Test
  void minimum_pixelStoppedOnItsWay_leavesTheRestToTheOthers() {
    NDArray x = points(0.1, 0.5);
    double expected = -3 * (0.5 + Math.sqrt(0.04 - 0.01));
    assertThat(minimum(x, points(4, -3), 0.2, true)).isCloseTo(expected, within(TOLERANCE));
  }

  @Test
  void minimum_boxInsideTheBall_isTheBoxs() {
    assertThat(minimum(points(0.1, 0.9), points(2, -3), 5, true)).isCloseTo(-3, within(TOLERANCE));
  }

  @Test
  void minimum_noRadiusOrNoRow_isTheValueItself() {
    NDArray x = points(0.25, 0.5);
    assertThat(minimum(x, points(2, -1), 0, true)).isCloseTo(0, within(TOLERANCE));
    assertThat(minimum(x, points(0, 0), 0.3, true)).isCloseTo(0, within(TOLERANCE));
  }

  // Against the point x - t a, held in the box, for the largest t that stays in the ball.
  @Test
  void minimum_randomRows_isReachedAndNotPassed() {
    SplittableRandom random = new SplittableRandom(3);
    for (double eps : new double[] {0.05, 0.4, 1.5, 4}) {
      NDArray x = scope.tensor(images(random), DataType.FLOAT64, 1, SIZE);
      NDArray rows = draw(random, ROWS);
      double[] minimum = values(new NormBall(new L2(), eps, true).minimum(rows(rows), x));
      double[] whole = values(new NormBall(new L2(), eps, false).minimum(rows(rows), x));
      for (int r = 0; r < ROWS; r++) {
        double[] row = values(rows.get("0," + r));
        double reached = descend(row, values(x), eps);
        assertThat(minimum[r]).isBetween(reached - 1e-6, reached + 1e-9);
        assertThat(minimum[r]).isGreaterThanOrEqualTo(whole[r] - TOLERANCE);
      }
    }
  }

  @Test
  void minimum_derivative_isThePointWhereItIsTaken() {
    SplittableRandom random = new SplittableRandom(5);
    NormBall set = new NormBall(new L2(), 0.5, true);
    NDArray x = scope.tensor(images(random), DataType.FLOAT64, 1, SIZE);
    NDArray leaf = scope.leaf(draw(random, 1));
    NDArray minimum =
        Autograd.recording(
            () -> {
              NDArray bound = set.minimum(rows(leaf), x);
              Autograd.backward(bound.sum());
              return bound;
            });
    double[] point = values(Autograd.gradient(leaf));
    double[] row = values(leaf);
    double[] from = values(x);
    double value = 0;
    double[] change = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      value += row[i] * point[i];
      change[i] = point[i] - from[i];
      assertThat(point[i]).isBetween(-TOLERANCE, 1 + TOLERANCE);
    }
    assertThat(new L2().measure(change)).isCloseTo(0.5, within(1e-9));
    assertThat(value).isCloseTo(values(minimum)[0], within(1e-9));
  }

  @Test
  void minimum_singlePrecision_isTheSameButForItsRounding() {
    SplittableRandom random = new SplittableRandom(8);
    NDArray x = scope.tensor(images(random), DataType.FLOAT64, 1, SIZE);
    NDArray rows = draw(random, ROWS);
    NormBall set = new NormBall(new L2(), 0.4, true);
    double[] wide = values(set.minimum(rows(rows), x));
    double[] narrow =
        values(
            set.minimum(
                rows(rows.toType(DataType.FLOAT32, true)), x.toType(DataType.FLOAT32, true)));
    assertThat(narrow).containsExactly(wide, within(1e-4));
  }

  private static double descend(double[] row, double[] x, double eps) {
    double low = 0;
    double high = 1e9;
    double reached = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 200; i++) {
      double t = (low + high) / 2;
      double length = 0;
      double value = 0;
      for (int k = 0; k < row.length; k++) {
        double to = Math.max(0, Math.min(1, x[k] - t * row[k]));
        length += (to - x[k]) * (to - x[k]);
        value += row[k] * to;
      }
      if (Math.sqrt(length) <= eps) {
        reached = value;
        low = t;
      } else {
        high = t;
      }
    }
    return reached;
  }

  private static double[] images(SplittableRandom random) {
    double[] pixels = random.doubles(SIZE).toArray();
    for (int i = 0; i < SIZE; i++) {
      int kind = random.nextInt(3);
      pixels[i] = kind == 0 ? 0 : kind == 1 ? 1 : pixels[i];
    }
    return pixels;
  }

  private NDArray draw(SplittableRandom random, int rows) {
    double[] values = new double[rows * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(5) == 0 ? 0 : random.nextGaussian();
    }
    return scope.tensor(values, DataType.FLOAT64, 1, rows, SIZE);
  }

  private static double minimum(NDArray x, NDArray row, double eps, boolean clip) {
    return values(new NormBall(new L2(), eps, clip).minimum(rows(row.expandDims(0)), x))[0];
  }

  private static Rows rows(NDArray values) {
    return new Rows(values);
  }

  private NDArray points(double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, values.length);
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
