package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.CounterRandom.Role;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CounterRandomTest {
  @Test
  void of_equalKeys_giveEqualStreams() {
    RandomGenerator one = CounterRandom.of(1, 2, 3, Role.ATTACK);
    RandomGenerator two = CounterRandom.of(1, 2, 3, Role.ATTACK);
    for (int i = 0; i < 100; i++) {
      assertThat(one.nextLong()).isEqualTo(two.nextLong());
    }
  }

  // A run must come out the same with every later version: these numbers may never change.
  @ParameterizedTest
  @CsvSource({
    "INITIALISATION, 2951691705988686959",
    "ORDER,          -7279193849678087700",
    "AUGMENTATION,   -5874576685752317730",
    "ATTACK,         3154948126942279015",
    "OBJECTIVE,      2205947312427994718",
    "DATA,           -1536241872237032324",
    "EVALUATION,     7966265841634100136"
  })
  void of_zeroKeyOfEachRole_givesThePinnedNumber(Role role, long expected) {
    assertThat(CounterRandom.of(0, 0, 0, role).nextLong()).isEqualTo(expected);
  }

  @Test
  void unit_anyType_areTheSameValuesBelowOne() {
    try (Scope scope = Scope.open("test")) {
      double[] wide = unit(scope, DataType.FLOAT64, 1001);
      assertThat(unit(scope, DataType.FLOAT32, 1001)).isEqualTo(wide);
      assertThat(unit(scope, DataType.FLOAT64, 1000)).isEqualTo(Arrays.copyOf(wide, 1000));
      assertThat(Arrays.stream(wide).min().orElseThrow()).isBetween(0.0, 0.01);
      assertThat(Arrays.stream(wide).max().orElseThrow()).isBetween(0.99, Math.nextDown(1.0));
      assertThat(Arrays.stream(wide).average().orElseThrow()).isBetween(0.46, 0.54);
      assertThat(Arrays.stream(wide).distinct().count()).isGreaterThan(990);
    }
  }

  private static double[] unit(Scope scope, DataType type, long size) {
    RandomGenerator random = CounterRandom.of(5, 0, 0, Role.LATENT);
    return HostTensor.copyOf(CounterRandom.unit(random, scope, type, size)).toDoubles();
  }

  @Test
  void of_otherKeys_giveThePinnedNumbers() {
    assertThat(CounterRandom.of(7, 1, 2, Role.ATTACK).nextLong()).isEqualTo(-1515110207630809957L);
    assertThat(CounterRandom.of(-1, 3, 4, Role.EVALUATION).nextDouble())
        .isEqualTo(0.011258384443907588);
  }

  @Test
  void of_neighbouringKeys_giveDifferentStreams() {
    Set<Long> first = new HashSet<>();
    int keys = 0;
    for (long seed = -3; seed < 4; seed++) {
      for (long epoch = 0; epoch < 6; epoch++) {
        for (long step = 0; step < 6; step++) {
          for (Role role : Role.values()) {
            first.add(CounterRandom.of(seed, epoch, step, role).nextLong());
            keys++;
          }
        }
      }
    }
    assertThat(first).hasSize(keys);
  }

  // Between any two streams half of the bits differ on average; a shared stream would show as 0.
  @Test
  void of_stepsOfOneRun_areUncorrelated() {
    int streams = 400;
    double[] values = new double[streams];
    for (int i = 0; i < streams; i++) {
      values[i] = CounterRandom.of(5, 0, i, Role.ATTACK).nextDouble() - 0.5;
    }
    double product = 0;
    double square = 0;
    for (int i = 0; i + 1 < streams; i++) {
      product += values[i] * values[i + 1];
      square += values[i] * values[i];
    }
    assertThat(Math.abs(product / square)).isLessThan(4 / Math.sqrt(streams));
  }

  @Test
  void uniform_manyDraws_fillTheInterval() {
    try (Scope scope = Scope.open("test")) {
      double[] values =
          HostTensor.copyOf(
                  CounterRandom.uniform(
                      CounterRandom.of(1, 0, 0, Role.DATA),
                      scope,
                      DataType.FLOAT64,
                      -2,
                      6,
                      100,
                      100))
              .toDoubles();
      assertThat(values).hasSize(10_000);
      double mean = 0;
      for (double value : values) {
        assertThat(value).isBetween(-2.0, 6.0);
        mean += value / values.length;
      }
      assertThat(mean).isBetween(1.9, 2.1);
    }
  }

  @Test
  void normal_manyDraws_haveMeanZeroAndVarianceOne() {
    try (Scope scope = Scope.open("test")) {
      RandomGenerator random = CounterRandom.of(1, 0, 0, Role.DATA);
      double[] values =
          HostTensor.copyOf(CounterRandom.normal(random, scope, DataType.FLOAT32, 10_000))
              .toDoubles();
      double mean = 0;
      double square = 0;
      for (double value : values) {
        mean += value / values.length;
        square += value * value / values.length;
      }
      assertThat(mean).isBetween(-0.05, 0.05);
      assertThat(square).isBetween(0.94, 1.06);
    }
  }
}
