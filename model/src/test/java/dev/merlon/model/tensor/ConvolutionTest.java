package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionTest {
  /** A convolution of an image. */
  record Case(Extent input, Extent kernel, Geometry geometry, int in, int out) {
    Case(Extent input, Extent kernel, Extent stride, Extent padding, int in, int out) {
      this(input, kernel, Geometry.of(stride, padding), in, out);
    }

    Extent output() {
      return new Extent(
          (input.height() + 2 * padding().height() - reach().height()) / stride().height() + 1,
          (input.width() + 2 * padding().width() - reach().width()) / stride().width() + 1);
    }

    Extent reach() {
      return new Extent(
          (kernel.height() - 1) * dilation().height() + 1,
          (kernel.width() - 1) * dilation().width() + 1);
    }

    Extent stride() {
      return geometry.stride();
    }

    Extent padding() {
      return geometry.padding();
    }

    Extent dilation() {
      return geometry.dilation();
    }

    int inPerGroup() {
      return in / geometry.groups();
    }

    // Entry of the explicit matrix of this convolution.
    double entry(double[] weight, int row, int column) {
      int o = row / (output().height() * output().width());
      int top = row / output().width() % output().height() * stride().height() - padding().height();
      int left = row % output().width() * stride().width() - padding().width();
      int c = column / (input.height() * input.width());
      int down = column / input.width() % input.height() - top;
      int right = column % input.width() - left;
      int ofGroup = c - o / (out / geometry.groups()) * inPerGroup();
      boolean inside =
          ofGroup >= 0
              && ofGroup < inPerGroup()
              && down >= 0
              && down < reach().height()
              && right >= 0
              && right < reach().width()
              && down % dilation().height() == 0
              && right % dilation().width() == 0;
      int kr = down / dilation().height();
      int kc = right / dilation().width();
      return inside
          ? weight[((o * inPerGroup() + ofGroup) * kernel.height() + kr) * kernel.width() + kc]
          : 0;
    }

    int rows() {
      return out * output().height() * output().width();
    }

    int columns() {
      return in * input.height() * input.width();
    }
  }

  // Four of the dense ones need padding of the adjoint's result, in one or both directions.
  static List<Case> geometries() {
    return List.of(
        new Case(sq(5), sq(3), sq(1), sq(1), 2, 3),
        new Case(sq(6), sq(4), sq(2), sq(1), 2, 3),
        new Case(sq(4), sq(1), sq(1), sq(0), 1, 2),
        new Case(sq(7), sq(3), sq(2), sq(1), 1, 2),
        new Case(sq(6), sq(3), sq(2), sq(1), 2, 2),
        new Case(sq(8), sq(5), sq(2), sq(2), 1, 2),
        new Case(new Extent(8, 7), new Extent(3, 2), new Extent(3, 2), new Extent(1, 0), 2, 2),
        new Case(new Extent(5, 6), sq(2), new Extent(2, 4), sq(0), 2, 1),
        new Case(sq(5), sq(3), new Geometry(sq(1), sq(1), sq(1), 2), 4, 6),
        new Case(sq(6), sq(2), new Geometry(sq(2), sq(1), sq(1), 3), 3, 3),
        new Case(sq(7), sq(3), new Geometry(sq(1), sq(2), sq(2), 1), 2, 2),
        new Case(new Extent(9, 8), sq(2), new Geometry(sq(3), sq(1), new Extent(3, 2), 2), 2, 4));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void forward_anyGeometry_isTheExplicitMatrix(Case g) {
    try (Scope scope = Scope.open("test")) {
      NDArray x = draw(scope, 1, 2, g.in(), g.input().height(), g.input().width());
      NDArray w = draw(scope, 2, g.out(), g.inPerGroup(), g.kernel().height(), g.kernel().width());
      NDArray bias = draw(scope, 3, g.out());
      NDArray y = Convolution.forward(x, w, Optional.of(bias), g.geometry());
      double[] weight = values(w);
      int perChannel = g.rows() / g.out();
      for (int n = 0; n < 2; n++) {
        for (int row = 0; row < g.rows(); row++) {
          double expected = values(bias)[row / perChannel];
          for (int column = 0; column < g.columns(); column++) {
            expected += g.entry(weight, row, column) * values(x)[n * g.columns() + column];
          }
          assertThat(values(y)[n * g.rows() + row]).isCloseTo(expected, Offset.offset(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void adjoint_anyGeometry_isTheTransposedMatrix(Case g) {
    try (Scope scope = Scope.open("test")) {
      NDArray y = draw(scope, 4, 2, g.out(), g.output().height(), g.output().width());
      NDArray w = draw(scope, 5, g.out(), g.inPerGroup(), g.kernel().height(), g.kernel().width());
      NDArray a = Convolution.adjoint(y, w, g.geometry(), g.input());
      assertThat(a.getShape().getShape())
          .containsExactly(2, g.in(), g.input().height(), g.input().width());
      double[] weight = values(w);
      for (int n = 0; n < 2; n++) {
        for (int column = 0; column < g.columns(); column++) {
          double expected = 0;
          for (int row = 0; row < g.rows(); row++) {
            expected += g.entry(weight, row, column) * values(y)[n * g.rows() + row];
          }
          assertThat(values(a)[n * g.columns() + column]).isCloseTo(expected, Offset.offset(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void adjoint_gradients_areCentralDifferences(Case g) {
    try (Scope scope = Scope.open("test")) {
      NDArray y = draw(scope, 6, 1, g.out(), g.output().height(), g.output().width());
      NDArray w = draw(scope, 7, g.out(), g.inPerGroup(), g.kernel().height(), g.kernel().width());
      List<NDArray> gradients =
          Autograd.recording(
              () -> {
                NDArray yLeaf = scope.leaf(y);
                NDArray wLeaf = scope.leaf(w);
                return Autograd.gradients(loss(g, yLeaf, wLeaf), List.of(yLeaf, wLeaf));
              });
      assertGradient(scope, gradients.get(0), y, moved -> loss(g, moved, w));
      assertGradient(scope, gradients.get(1), w, moved -> loss(g, y, moved));
    }
  }

  // The engine optimises a script by what its first runs looked like.
  @Test
  void adjoint_firstRunsWithoutGradients_recordsThemLater() {
    Case g = new Case(sq(9), sq(4), sq(3), sq(2), 1, 2);
    try (Scope scope = Scope.open("test")) {
      NDArray w = draw(scope, 8, 2, 1, 4, 4);
      NDArray y = draw(scope, 9, 1, 2, g.output().height(), g.output().width());
      for (int i = 0; i < 5; i++) {
        Autograd.withoutGradients(() -> loss(g, y, w));
      }
      for (int i = 0; i < 3; i++) {
        NDArray leaf = scope.leaf(w);
        NDArray gradient =
            Autograd.recording(() -> Autograd.gradients(loss(g, y, leaf), List.of(leaf)).get(0));
        assertGradient(scope, gradient, w, moved -> loss(g, y, moved));
      }
    }
  }

  @Test
  void adjoint_severalThreadsAtOnce_equalsOneAfterTheOther() throws Exception {
    Case g = new Case(sq(10), sq(3), sq(2), sq(0), 2, 3);
    int threads = 3;
    List<double[]> alone = new ArrayList<>();
    for (int key = 0; key < threads; key++) {
      alone.add(gradients(g, key));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<double[]>> together = new ArrayList<>();
      for (int key = 0; key < threads; key++) {
        int own = key;
        together.add(pool.submit(() -> gradients(g, own)));
      }
      for (int key = 0; key < threads; key++) {
        assertThat(together.get(key).get()).isEqualTo(alone.get(key));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static double[] gradients(Case g, long key) {
    try (Scope scope = Scope.open("test")) {
      NDArray sum = scope.tensor(new double[2 * 3 * 9], DataType.FLOAT64, 3, 2, 3, 3);
      for (int i = 0; i < 30; i++) {
        NDArray leaf = scope.leaf(draw(scope, 100 * key + i, 3, 2, 3, 3));
        NDArray y = draw(scope, i, 2, 3, g.output().height(), g.output().width());
        sum =
            sum.add(
                Autograd.recording(
                    () -> Autograd.gradients(loss(g, y, leaf), List.of(leaf)).get(0)));
      }
      return values(sum);
    }
  }

  @Test
  void adjoint_float32_keepsTypeAndScope() {
    try (Scope scope = Scope.open("test");
        Scope inner = scope.child("inner")) {
      NDArray w = scope.tensor(new double[] {1, 2, 3, 4}, DataType.FLOAT32, 1, 1, 2, 2);
      NDArray y = inner.tensor(new double[] {1}, DataType.FLOAT32, 1, 1, 1, 1);
      NDArray a = Convolution.adjoint(y, w, Geometry.of(sq(1), sq(0)), sq(2));
      assertThat(a.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(values(a)).containsExactly(1, 2, 3, 4);
      scope.adopt(a.duplicate());
      inner.close();
      assertThat(a.isReleased()).isTrue();
    }
  }

  private static NDArray loss(Case g, NDArray y, NDArray w) {
    NDArray a = Convolution.adjoint(y, w, g.geometry(), g.input());
    return a.mul(a).mul(a).sum();
  }

  private interface Loss {
    NDArray of(NDArray moved);
  }

  private static void assertGradient(Scope scope, NDArray gradient, NDArray at, Loss loss) {
    double[] actual = values(gradient);
    double[] point = values(at);
    for (int i = 0; i < point.length; i += Math.max(1, point.length / 7)) {
      int index = i;
      DoubleUnaryOperator along =
          h -> {
            double[] moved = point.clone();
            moved[index] += h;
            NDArray there = scope.tensor(moved, DataType.FLOAT64, at.getShape().getShape());
            return Autograd.withoutGradients(() -> loss.of(there).getDouble());
          };
      double h = 1e-5;
      double expected = (along.applyAsDouble(h) - along.applyAsDouble(-h)) / (2 * h);
      assertThat(actual[i]).isCloseTo(expected, Offset.offset(1e-5 * (1 + Math.abs(expected))));
    }
  }

  private static NDArray draw(Scope scope, long key, long... shape) {
    RandomGenerator random = CounterRandom.of(key, 0, 0, CounterRandom.Role.DATA);
    return CounterRandom.normal(random, scope, DataType.FLOAT64, shape);
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }

  private static Extent sq(int size) {
    return Extent.square(size);
  }
}
