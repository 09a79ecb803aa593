package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.norm.L1;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StartPointsTest {
  private static final int SIZE = 6;

  static Stream<Norm> norms() {
    return Stream.of(new LInf(), new L2(), new L1());
  }

  @ParameterizedTest
  @MethodSource("norms")
  void each_otherCompany_startsAtTheSamePoints(Norm norm) {
    try (Scope scope = Scope.open("test")) {
      StartPoints all = StartPoints.each(generators(0, 1, 2, 3, 4));
      double[] first = drawn(all, norm, 5, scope);
      double[] second = drawn(all, norm, 5, scope);
      assertThat(second).isNotEqualTo(first);

      StartPoints some = StartPoints.each(generators(4, 1));
      assertThat(drawn(some, norm, 2, scope)).isEqualTo(rows(first, 4, 1));
      assertThat(drawn(some, norm, 2, scope)).isEqualTo(rows(second, 4, 1));
    }
  }

  @Test
  void of_someSamples_keepTheirGenerators() {
    try (Scope scope = Scope.open("test")) {
      double[] all = drawn(StartPoints.each(generators(7, 8, 9)), new LInf(), 3, scope);
      StartPoints some = StartPoints.each(generators(7, 8, 9)).of(2, 0);
      assertThat(drawn(some, new LInf(), 2, scope)).isEqualTo(rows(all, 2, 0));
    }
  }

  @Test
  void shared_batch_isDrawnAsOneTensor() {
    try (Scope scope = Scope.open("test")) {
      double[] whole =
          HostTensor.copyOf(
                  new L2().randomStart(generator(1), scope, DataType.FLOAT64, 1, 3, 1, 1, SIZE))
              .toDoubles();
      assertThat(drawn(StartPoints.shared(generator(1)), new L2(), 3, scope)).isEqualTo(whole);
    }
  }

  @Test
  void each_otherNumberOfSamples_isRefused() {
    try (Scope scope = Scope.open("test")) {
      StartPoints two = StartPoints.each(generators(1, 2));
      assertThatThrownBy(() -> drawn(two, new LInf(), 3, scope))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 generators");
    }
  }

  private static double[] drawn(StartPoints starts, Norm norm, int samples, Scope scope) {
    Shape shape = new Shape(samples, 1, 1, SIZE);
    double[] points =
        HostTensor.copyOf(starts.unit(norm, scope, DataType.FLOAT64, shape)).toDoubles();
    assertThat(shape).isEqualTo(new Shape(samples, 1, 1, SIZE));
    return points;
  }

  private static double[] rows(double[] all, int... rows) {
    return Arrays.stream(rows)
        .flatMap(row -> IntStream.range(row * SIZE, (row + 1) * SIZE))
        .mapToDouble(i -> all[i])
        .toArray();
  }

  private static List<RandomGenerator> generators(int... keys) {
    return Arrays.stream(keys).mapToObj(StartPointsTest::generator).toList();
  }

  private static RandomGenerator generator(long key) {
    return CounterRandom.of(key, 0, 0, CounterRandom.Role.EVALUATION);
  }
}
