package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WindowsTest {
  private static final int CHANNELS = 2;
  private static final Extent INPUT = new Extent(6, 7);

  static List<Windows> windows() {
    return List.of(
        new Windows(sq(2), sq(2), sq(0)),
        new Windows(sq(3), sq(2), sq(1)),
        new Windows(new Extent(3, 2), new Extent(1, 3), new Extent(1, 0)),
        new Windows(sq(1), sq(2), sq(0)),
        new Windows(sq(4), sq(3), sq(2)));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void maximumAndMean_anyWindows_areThoseOfTheTapsOnThePlane(Windows windows) {
    try (Scope scope = Scope.open("test")) {
      NDArray x = draw(scope, 1, 2, CHANNELS, INPUT.height(), INPUT.width());
      double[] maxima = values(windows.maximum(x));
      double[] counted = values(windows.mean(x, true));
      double[] uncounted = values(windows.mean(x, false));
      Extent positions = windows.positions(INPUT);
      for (int i = 0; i < maxima.length; i++) {
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int onPlane = 0;
        for (int tap = 0; tap < windows.taps(); tap++) {
          int place = place(windows, tap, i);
          if (place >= 0) {
            int plane = i / (positions.height() * positions.width());
            double value = values(x)[plane * INPUT.height() * INPUT.width() + place];
            largest = Math.max(largest, value);
            sum += value;
            onPlane++;
          }
        }
        assertThat(maxima[i]).isEqualTo(largest);
        assertThat(counted[i]).isCloseTo(sum / windows.taps(), within(1e-12));
        assertThat(uncounted[i]).isCloseTo(sum / onPlane, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void unfoldAndPlaces_anyWindows_nameTheSameTaps(Windows windows) {
    try (Scope scope = Scope.open("test")) {
      NDArray x = draw(scope, 2, 1, CHANNELS, INPUT.height(), INPUT.width());
      Extent positions = windows.positions(INPUT);
      int count = positions.height() * positions.width();
      NDArray unfolded = windows.unfold(x);
      assertThat(unfolded.getShape().getShape())
          .containsExactly(1, CHANNELS, windows.taps(), positions.height(), positions.width());
      long[] places = windows.places(scope, INPUT).toLongArray();
      for (int tap = 0; tap < windows.taps(); tap++) {
        for (int i = 0; i < count; i++) {
          int place = place(windows, tap, i);
          double value = values(unfolded)[tap * count + i];
          assertThat(value).isEqualTo(place < 0 ? 0 : values(x)[place]);
          assertThat(places[tap * count + i]).isBetween(0L, 6L * 7 - 1);
          if (place >= 0) {
            assertThat(places[tap * count + i]).isEqualTo(place);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void meanAdjoint_anyWindows_isTheAdjoint(Windows windows) {
    try (Scope scope = Scope.open("test")) {
      for (boolean countPadding : new boolean[] {false, true}) {
        NDArray x = draw(scope, 3, 2, CHANNELS, INPUT.height(), INPUT.width());
        NDArray mean = windows.mean(x, countPadding);
        NDArray a = draw(scope, 4, mean.getShape().getShape());
        double there = mean.mul(a).sum().getDouble();
        double back = windows.meanAdjoint(a, countPadding, INPUT).mul(x).sum().getDouble();
        assertThat(back).isCloseTo(there, within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void gradients_anyWindows_areCentralDifferences(Windows windows) {
    try (Scope scope = Scope.open("test")) {
      NDArray x = draw(scope, 5, 1, CHANNELS, INPUT.height(), INPUT.width());
      NDArray a = draw(scope, 6, windows.mean(x, true).getShape().getShape());
      assertGradient(scope, x, at -> windows.maximum(at).square().sum());
      assertGradient(scope, x, at -> windows.mean(at, false).square().sum());
      assertGradient(scope, x, at -> windows.unfold(at).square().sum());
      assertGradient(scope, a, at -> windows.meanAdjoint(at, false, INPUT).square().sum());
    }
  }

  @Test
  void addAt_placesThatMeet_addsUp() {
    try (Scope scope = Scope.open("test")) {
      NDArray values = scope.tensor(new double[] {1, 2, 3, 4, 5, 6}, DataType.FLOAT64, 2, 3);
      NDArray places = scope.labels(1, 1, 3).reshape(1, 3);
      assertThat(values(Windows.addAt(values, places, 4))).containsExactly(0, 3, 0, 3, 0, 9, 0, 6);
      assertGradient(scope, values, at -> Windows.addAt(at, places, 4).square().sum());
    }
  }

  @Test
  void addAt_firstRunsWithoutGradients_recordsThemLater() {
    try (Scope scope = Scope.open("test")) {
      NDArray values = draw(scope, 8, 3, 5);
      NDArray places = scope.labels(2, 0, 1, 2, 2).reshape(1, 5);
      for (int i = 0; i < 5; i++) {
        Autograd.withoutGradients(() -> Windows.addAt(values, places, 3));
      }
      assertGradient(scope, values, at -> Windows.addAt(at, places, 3).square().sum());
    }
  }

  /** The place in the plane of a tap of the i-th window, or -1 on padding. */
  private static int place(Windows windows, int tap, int i) {
    Extent positions = windows.positions(INPUT);
    int row = i / positions.width() % positions.height();
    int column = i % positions.width();
    int y =
        row * windows.stride().height()
            - windows.padding().height()
            + tap / windows.kernel().width();
    int x =
        column * windows.stride().width()
            - windows.padding().width()
            + tap % windows.kernel().width();
    boolean onPlane = y >= 0 && y < INPUT.height() && x >= 0 && x < INPUT.width();
    return onPlane ? y * INPUT.width() + x : -1;
  }

  private static void assertGradient(Scope scope, NDArray at, UnaryOperator<NDArray> loss) {
    NDArray leaf = scope.leaf(at);
    NDArray gradient =
        Autograd.recording(() -> Autograd.gradients(loss.apply(leaf), List.of(leaf)).get(0));
    double[] point = values(at);
    for (int i = 0; i < point.length; i += Math.max(1, point.length / 9)) {
      int index = i;
      DoubleUnaryOperator along =
          h -> {
            double[] moved = point.clone();
            moved[index] += h;
            NDArray there = scope.tensor(moved, DataType.FLOAT64, at.getShape().getShape());
            return Autograd.withoutGradients(() -> loss.apply(there).getDouble());
          };
      double expected = (along.applyAsDouble(1e-6) - along.applyAsDouble(-1e-6)) / 2e-6;
      assertThat(values(gradient)[i]).isCloseTo(expected, within(1e-6));
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
