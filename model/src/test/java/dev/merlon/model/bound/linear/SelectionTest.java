package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SelectionTest {
  private static final long[] OPERAND = {2, 3, 6, 5};
  private static final int POINTS = 200;

  static Stream<Arguments> windowsAndTypes() {
    return Stream.of(
            new Windows(Extent.square(2), Extent.square(2), Extent.square(0)),
            new Windows(Extent.square(3), Extent.square(2), Extent.square(1)),
            new Windows(new Extent(2, 3), new Extent(1, 2), new Extent(1, 0)),
            new Windows(Extent.square(1), Extent.square(2), Extent.square(0)))
        .flatMap(
            windows ->
                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                    .map(type -> Arguments.of(windows, type)));
  }

  @ParameterizedTest
  @MethodSource("windowsAndTypes")
  void adjoint_boxesOfEveryWidth_holdThePoolAtEveryPoint(Windows windows, DataType type) {
    double tolerance = type == DataType.FLOAT64 ? 1e-12 : 1e-5;
    for (double width : new double[] {0, 1e-7, 0.05, 0.5, 5}) {
      try (Scope scope = Scope.open("test")) {
        Box box = box(scope, type, width);
        Shape pooled = windows.maximum(box.lower()).getShape();
        NDArray rows = normal(scope, 3, type, new Shape(1, 4).addAll(pooled.slice(1)).getShape());
        Selection selection = Selection.of(box, windows, scope);
        LinearForm form = new LinearForm(scope, 1, rows.duplicate(), Optional.empty());
        NDArray onOperand = selection.adjoint(rows, form);
        RandomGenerator random = CounterRandom.of(5, 0, 0, CounterRandom.Role.DATA);
        for (int i = 0; i < POINTS; i++) {
          NDArray t = scope.adopt(share(scope, random, type, i));
          NDArray point = box.lower().add(box.upper().sub(box.lower()).mul(t));
          NDArray truth = dot(rows, windows.maximum(point));
          NDArray bound = dot(onOperand, point).add(form.constant());
          assertThat(truth.sub(bound).min().toType(DataType.FLOAT64, false).getDouble())
              .as("width %s", width)
              .isGreaterThanOrEqualTo(-tolerance * 20);
        }
      }
    }
  }

  @Test
  void of_windowWithOneCertainMaximum_isExact() {
    try (Scope scope = Scope.open("test")) {
      NDArray lower = image(scope, 0, 1, 2, 5);
      NDArray upper = image(scope, 3, 4, 5, 6);
      Selection selection = Selection.of(Box.between(lower, upper), two(), scope);
      LinearForm form = form(scope, -2);
      NDArray a = selection.adjoint(row(scope, -2), form);
      assertThat(doubles(a)).containsExactly(0, 0, 0, -2);
      assertThat(doubles(form.constant())).containsExactly(0);
    }
  }

  @Test
  void of_openWindow_takesTheHighestLowerEndAndTheHighestUpperEnd() {
    try (Scope scope = Scope.open("test")) {
      NDArray lower = image(scope, 0, 4, 2, 3);
      NDArray upper = image(scope, 3, 5, 5, 6);
      Selection selection = Selection.of(Box.between(lower, upper), two(), scope);
      LinearForm below = form(scope, 2);
      assertThat(doubles(selection.adjoint(row(scope, 2), below))).containsExactly(0, 2, 0, 0);
      assertThat(doubles(below.constant())).containsExactly(0);
      LinearForm above = form(scope, -2);
      assertThat(doubles(selection.adjoint(row(scope, -2), above))).containsExactly(0, 0, 0, 0);
      assertThat(doubles(above.constant())).containsExactly(-12);
    }
  }

  @Test
  void open_neuronsThatCannotWin_areClosed() {
    try (Scope scope = Scope.open("test")) {
      NDArray lower = image(scope, 0, 4, 2, 3);
      NDArray upper = image(scope, 3, 5, 5, 6);
      NDArray open = Selection.open(Box.between(lower, upper), two(), scope);
      assertThat(open.toBooleanArray()).containsExactly(false, true, true, true);
      NDArray certain = image(scope, 0, 7, 2, 3);
      NDArray above = image(scope, 3, 8, 5, 6);
      NDArray closed = Selection.open(Box.between(certain, above), two(), scope);
      assertThat(closed.toBooleanArray()).containsOnly(false);
    }
  }

  @Test
  void adjoint_gradients_areCentralDifferences() {
    Windows windows = new Windows(Extent.square(3), Extent.square(2), Extent.square(1));
    try (Scope scope = Scope.open("test")) {
      Box box = box(scope, DataType.FLOAT64, 0.5);
      NDArray leaf = scope.leaf(box.upper());
      NDArray gradient =
          Autograd.recording(
              () ->
                  Autograd.gradients(loss(box.lower(), leaf, windows, scope), List.of(leaf))
                      .get(0));
      double[] upper = doubles(box.upper());
      for (int i = 0; i < upper.length; i += 5) {
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
          double[] moved = upper.clone();
          moved[i] += side == 0 ? 1e-6 : -1e-6;
          NDArray there = scope.tensor(moved, DataType.FLOAT64, OPERAND);
          ends[side] =
              Autograd.withoutGradients(() -> loss(box.lower(), there, windows, scope).getDouble());
        }
        assertThat(doubles(gradient)[i]).isCloseTo((ends[0] - ends[1]) / 2e-6, within(1e-5));
      }
    }
  }

  private static NDArray loss(NDArray lower, NDArray upper, Windows windows, Scope scope) {
    Shape pooled = windows.maximum(upper).getShape();
    NDArray rows =
        normal(scope, 3, DataType.FLOAT64, new Shape(1, 2).addAll(pooled.slice(1)).getShape());
    Selection selection = Selection.of(Box.between(lower, upper), windows, scope);
    LinearForm form = new LinearForm(scope, 1, rows.duplicate(), Optional.empty());
    NDArray a = selection.adjoint(rows, form);
    return dot(a, upper).add(form.constant()).square().sum();
  }

  // Corners, and points in between.
  private static NDArray share(Scope scope, RandomGenerator random, DataType type, int i) {
    double[] shares = new double[2 * 3 * 6 * 5];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = i % 2 == 0 ? random.nextInt(2) : random.nextDouble();
    }
    return scope.tensor(shares, type, OPERAND);
  }

  private static Box box(Scope scope, DataType type, double width) {
    NDArray lower = normal(scope, 1, type, OPERAND);
    return Box.between(lower, lower.add(normal(scope, 2, type, OPERAND).abs().mul(width)));
  }

  /** Each row's value at its sample's image, {@code [N, R]}. */
  private static NDArray dot(NDArray rows, NDArray images) {
    NDArray products = rows.mul(images.expandDims(1));
    return products
        .reshape(products.getShape().get(0), products.getShape().get(1), -1)
        .sum(new int[] {2});
  }

  private static LinearForm form(Scope scope, double coefficient) {
    return new LinearForm(scope, 1, row(scope, coefficient), Optional.empty());
  }

  private static NDArray row(Scope scope, double coefficient) {
    return scope.tensor(new double[] {coefficient}, DataType.FLOAT64, 1, 1, 1, 1, 1);
  }

  private static NDArray image(Scope scope, double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, 1, 2, 2);
  }

  private static Windows two() {
    return new Windows(Extent.square(2), Extent.square(2), Extent.square(0));
  }

  private static NDArray normal(Scope scope, long key, DataType type, long... shape) {
    RandomGenerator random = CounterRandom.of(key, 0, 0, CounterRandom.Role.DATA);
    return CounterRandom.normal(random, scope, type, shape);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
