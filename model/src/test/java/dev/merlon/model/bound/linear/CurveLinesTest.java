package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CurveLinesTest {
  private static final int INTERVALS = 4000;
  private static final int POINTS = 400;
  // Distances from an end or from 0, from small to large.
  private static final double[] NEAR =
      IntStream.rangeClosed(0, POINTS)
          .mapToDouble(i -> Math.pow(10, -6 + 9 * ((double) i / POINTS)))
          .toArray();

  /** Ends of intervals and the lines over them, in float64. */
  private static final class Found {
    private final double[] l;
    private final double[] u;
    private final double[][] lines;

    Found(double[] l, double[] u, double[][] lines) {
      this.l = l;
      this.u = u;
      this.lines = lines;
    }

    double lower(int i, double x) {
      return lines[0][i] * x + lines[1][i];
    }

    double upper(int i, double x) {
      return lines[2][i] * x + lines[3][i];
    }
  }

  static Stream<Arguments> curvesAndTypes() {
    return Stream.of(SCurve.values())
        .flatMap(
            curve ->
                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                    .map(type -> Arguments.of(curve, type)));
  }

  @ParameterizedTest
  @MethodSource("curvesAndTypes")
  void of_intervalsOfEveryKind_holdTheCurve(SCurve curve, DataType type) {
    try (Scope scope = Scope.open("test")) {
      Found found = lines(curve, intervals(), type, scope);
      for (int i = 0; i < found.l.length; i++) {
        double l = found.l[i];
        double u = found.u[i];
        for (double x : points(l, u)) {
          double y = value(curve, x);
          boolean held = found.lower(i, x) <= y && y <= found.upper(i, x);
          // An assertion takes longer than all before it, and there are millions of points.
          if (!held) {
            assertThat(y)
                .as("[%s, %s] at %s", l, u, x)
                .isBetween(found.lower(i, x), found.upper(i, x));
            throw new AssertionError("no number in [" + l + ", " + u + "] at " + x);
          }
        }
      }
    }
  }

  // Sound lines may still be useless: no line may leave the curve's own range by more than the
  // chord's height, and each touches the curve somewhere.
  @ParameterizedTest
  @MethodSource("curvesAndTypes")
  void of_intervalsOfEveryKind_touchesTheCurve(SCurve curve, DataType type) {
    double tolerance = type == DataType.FLOAT32 ? 5e-5 : 1e-9;
    try (Scope scope = Scope.open("test")) {
      Found found = lines(curve, intervals(), type, scope);
      for (int i = 0; i < found.l.length; i++) {
        double below = Double.POSITIVE_INFINITY;
        double above = Double.POSITIVE_INFINITY;
        int line = i;
        double[] points = points(found.l[i], found.u[i]);
        double touchingAbove = touching(points, x -> found.upper(line, x) - value(curve, x));
        double touchingBelow = touching(points, x -> value(curve, x) - found.lower(line, x));
        DoubleStream all =
            DoubleStream.concat(
                Arrays.stream(points), DoubleStream.of(touchingAbove, touchingBelow));
        for (double x : all.toArray()) {
          below = Math.min(below, value(curve, x) - found.lower(i, x));
          above = Math.min(above, found.upper(i, x) - value(curve, x));
        }
        double far = tolerance * (1 + found.lines[0][i] * Math.abs(found.l[i]));
        assertThat(below).as("[%s, %s]", found.l[i], found.u[i]).isLessThan(far);
        assertThat(above).as("[%s, %s]", found.l[i], found.u[i]).isLessThan(far);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Concave: chord below, tangent at the middle above. Convex: the other way round.
    "1, 3, true, false",
    "-3, -1, false, true",
    // Crossing, steep at one end only.
    "-0.2, 5, true, false",
    "-5, 0.2, false, true",
    // Crossing, flat at both ends: both lines are tangents.
    "-4, 4, false, false"
  })
  void of_eachCase_takesTheLiteraturesLines(
      double l, double u, boolean chordBelow, boolean chordAbove) {
    for (SCurve curve : SCurve.values()) {
      try (Scope scope = Scope.open("test")) {
        Found found = lines(curve, new double[][] {{l, u}}, DataType.FLOAT64, scope);
        double chord = (value(curve, u) - value(curve, l)) / (u - l);
        assertThat(Math.abs(found.lines[0][0] - chord) < 1e-9).isEqualTo(chordBelow);
        assertThat(Math.abs(found.lines[2][0] - chord) < 1e-9).isEqualTo(chordAbove);
        if (l > 0) {
          double middle = value(curve, 0.5 * (l + u));
          assertThat(found.upper(0, 0.5 * (l + u))).isCloseTo(middle, within(1e-12));
        } else if (u > 0 && !chordAbove) {
          assertThat(found.upper(0, l)).isCloseTo(value(curve, l), within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_mirroredIntervals_givesMirroredLines(SCurve curve) {
    try (Scope scope = Scope.open("test")) {
      Found one = lines(curve, new double[][] {{-1, 2}, {-6, 3}}, DataType.FLOAT64, scope);
      Found other = lines(curve, new double[][] {{-2, 1}, {-3, 6}}, DataType.FLOAT64, scope);
      for (int i = 0; i < 2; i++) {
        for (double x = one.l[i]; x <= one.u[i]; x += 0.1) {
          assertThat(one.upper(i, x)).isCloseTo(curve.sum() - other.lower(i, -x), within(1e-12));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_bounds_gradientsAreCentralDifferences(SCurve curve) {
    double[][] intervals = {{-3, -1}, {1, 2.5}, {-0.3, 4}, {-4, 0.3}, {-5, 5}, {-3, 2}, {-1e-3, 2}};
    double[] seeds = {0.3, -1.1, 0.7, 1.3};
    for (double[] interval : intervals) {
      try (Scope scope = Scope.open("test")) {
        for (int end = 0; end < 2; end++) {
          double[] actual = gradient(curve, interval, seeds, scope);
          double h = 1e-5;
          double[] more = interval.clone();
          double[] less = interval.clone();
          more[end] += h;
          less[end] -= h;
          double expected =
              (loss(curve, more, seeds, scope) - loss(curve, less, seeds, scope)) / (2 * h);
          assertThat(actual[end])
              .as("%s of %s", end == 0 ? "l" : "u", Arrays.toString(interval))
              .isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("curvesAndTypes")
  void of_intervalsOfEveryKind_gradientsAreNumbers(SCurve curve, DataType type) {
    try (Scope scope = Scope.open("test")) {
      double[][] ends = transposed(intervals());
      NDArray l = scope.leaf(scope.tensor(ends[0], type, 1, ends[0].length));
      NDArray u = scope.leaf(scope.tensor(ends[1], type, 1, ends[1].length));
      List<NDArray> gradients =
          Autograd.recording(
              () -> {
                Lines lines = CurveLines.of(Box.between(l, u), curve, scope);
                NDArray sum =
                    lines
                        .lowerSlope()
                        .add(lines.lowerIntercept().orElseThrow())
                        .add(lines.upperSlope())
                        .add(lines.upperIntercept())
                        .sum();
                return Autograd.gradients(sum, List.of(l, u));
              });
      for (NDArray gradient : gradients) {
        for (double value : HostTensor.copyOf(gradient).toDoubles()) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  @Test
  void of_boundThatIsNoNumber_givesNoNumber() {
    try (Scope scope = Scope.open("test")) {
      Found found = lines(SCurve.TANH, new double[][] {{Double.NaN, 1}}, DataType.FLOAT64, scope);
      assertThat(found.lines[1][0]).isNaN();
      assertThat(found.lines[3][0]).isNaN();
    }
  }

  private static double[] gradient(SCurve curve, double[] interval, double[] seeds, Scope scope) {
    NDArray leaf = scope.leaf(scope.tensor(interval, DataType.FLOAT64, 1, 2));
    return Autograd.recording(
        () ->
            HostTensor.copyOf(
                    Autograd.gradients(loss(curve, leaf, seeds, scope), List.of(leaf)).get(0))
                .toDoubles());
  }

  private static double loss(SCurve curve, double[] interval, double[] seeds, Scope scope) {
    NDArray ends = scope.tensor(interval, DataType.FLOAT64, 1, 2);
    return Autograd.withoutGradients(() -> loss(curve, ends, seeds, scope).getDouble());
  }

  private static NDArray loss(SCurve curve, NDArray ends, double[] seeds, Scope scope) {
    Lines lines = CurveLines.of(Box.between(ends.get(":,0:1"), ends.get(":,1:2")), curve, scope);
    return lines
        .lowerSlope()
        .mul(seeds[0])
        .add(lines.lowerIntercept().orElseThrow().mul(seeds[1]))
        .add(lines.upperSlope().mul(seeds[2]))
        .add(lines.upperIntercept().mul(seeds[3]))
        .sum();
  }

  private static Found lines(SCurve curve, double[][] intervals, DataType type, Scope scope) {
    double[][] ends = transposed(intervals);
    NDArray l = scope.tensor(ends[0], type, 1, ends[0].length);
    NDArray u = scope.tensor(ends[1], type, 1, ends[1].length);
    return Autograd.withoutGradients(
        () -> {
          Lines lines = CurveLines.of(Box.between(l, u), curve, scope);
          return new Found(
              doubles(l),
              doubles(u),
              new double[][] {
                doubles(lines.lowerSlope()),
                doubles(lines.lowerIntercept().orElseThrow()),
                doubles(lines.upperSlope()),
                doubles(lines.upperIntercept())
              });
        });
  }

  // Ends are float32 numbers, so that both types speak of the same intervals.
  private static double[][] intervals() {
    SplittableRandom random = new SplittableRandom(42);
    List<double[]> intervals = new ArrayList<>();
    for (int i = 0; i < INTERVALS; i++) {
      double scale = Math.pow(10, random.nextDouble(-4, 2.5));
      double center = scale * random.nextDouble(-1, 1);
      double width =
          switch (i % 5) {
            case 0 -> 0;
            case 1 -> Math.pow(10, random.nextDouble(-9, -1));
            case 2 -> Math.pow(10, random.nextDouble(-1, 1));
            case 3 -> Math.pow(10, random.nextDouble(1, 6));
            default -> Math.abs(center) * random.nextDouble(0.5, 3);
          };
      double l = (float) (center - width * random.nextDouble());
      intervals.add(new double[] {l, Math.max(l, (float) (l + width))});
    }
    for (double far : new double[] {0, 1e-30, 1e-3, 1, 20, 40, 100, 1e4, 1e12, 1e30}) {
      double end = (float) far;
      intervals.add(new double[] {-end, end});
      intervals.add(new double[] {0, end});
      intervals.add(new double[] {-end, 0});
      intervals.add(new double[] {(float) -1e-3, end});
      intervals.add(new double[] {-end, (float) 1e-3});
      intervals.add(new double[] {end, end});
      intervals.add(new double[] {Math.min(end, 5), Math.max(end, 5)});
      intervals.add(new double[] {-end, 2});
    }
    intervals.removeIf(interval -> interval[0] > interval[1]);
    return intervals.toArray(double[][]::new);
  }

  // Even steps, and some close to the ends and to 0 where large intervals have their structure.
  private static double[] points(double l, double u) {
    DoubleStream.Builder points = DoubleStream.builder();
    for (int i = 0; i <= POINTS; i++) {
      double t = (double) i / POINTS;
      points.add(l * (1 - t) + u * t);
      double near = NEAR[i];
      points.add(l + near);
      points.add(u - near);
      points.add(near);
      points.add(-near);
    }
    return points.build().filter(x -> !(x < l || x > u)).sorted().toArray();
  }

  // By ternary search, around the best of some points.
  private static double touching(double[] points, DoubleUnaryOperator gap) {
    double best = Double.POSITIVE_INFINITY;
    int at = 0;
    for (int k = 0; k < points.length; k++) {
      double found = gap.applyAsDouble(points[k]);
      if (found < best) {
        best = found;
        at = k;
      }
    }
    double low = points[Math.max(0, at - 1)];
    double high = points[Math.min(points.length - 1, at + 1)];
    for (int step = 0; step < 100; step++) {
      double third = (high - low) / 3;
      if (gap.applyAsDouble(low + third) < gap.applyAsDouble(high - third)) {
        high = high - third;
      } else {
        low = low + third;
      }
    }
    return 0.5 * (low + high);
  }

  private static double value(SCurve curve, double x) {
    double growth = Math.exp(-Math.abs(x));
    return switch (curve) {
      case SIGMOID -> x >= 0 ? 1 / (1 + growth) : growth / (1 + growth);
      case TANH -> Math.tanh(x);
    };
  }

  private static double[][] transposed(double[][] rows) {
    double[][] columns = new double[2][rows.length];
    for (int i = 0; i < rows.length; i++) {
      columns[0][i] = rows[i][0];
      columns[1][i] = rows[i][1];
    }
    return columns;
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
