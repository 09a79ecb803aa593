package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final int MANY = 100_000;

  @Test
  void uniform_extremeBits_staysInRange() {
    assertThat(new Draws(constant(-1)).uniform(0, 1)).isLessThan(1.0);
    assertThat(new Draws(constant(0)).uniform(2, 5)).isEqualTo(2.0);
    assertThat(new Draws(constant(-1)).uniform(2, 5)).isBetween(4.999, 5.0);
  }

  @Test
  void bell_manyDraws_haveTheMomentsOfABell() {
    Draws draws = new Draws(new SplittableRandom(1));
    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    for (int i = 0; i < MANY; i++) {
      double value = draws.bell(2);
      sum += value;
      squares += value * value;
      withinOne += Math.abs(value) < 2 ? 1 : 0;
    }

    assertThat(sum / MANY).isCloseTo(0, within(0.03));
    assertThat(Math.sqrt(squares / MANY)).isCloseTo(2, within(0.02));
    assertThat((double) withinOne / MANY).isBetween(0.64, 0.70);
  }

  @Test
  void bell_extremeBits_staysWithinItsLimit() {
    assertThat(new Draws(constant(0)).bell(1)).isBetween(-3.5, -3.4);
    assertThat(new Draws(constant(-1)).bell(1)).isBetween(3.4, 3.5);
  }

  @Test
  void index_anyBound_isInRangeAndEven() {
    Draws draws = new Draws(new SplittableRandom(2));
    int[] counts = new int[7];
    for (int i = 0; i < MANY; i++) {
      counts[draws.index(7)]++;
    }

    for (int count : counts) {
      assertThat((double) count).isCloseTo(MANY / 7.0, within(550.0));
    }
    assertThat(draws.index(1)).isZero();
    assertThat(new Draws(constant(-1)).index(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 1);
  }

  @Test
  void chance_certainty_isCertain() {
    Draws draws = new Draws(new SplittableRandom(3));

    assertThat(draws.chance(0)).isFalse();
    assertThat(draws.chance(1)).isTrue();
  }

  private static RandomGenerator constant(long bits) {
    return () -> bits;
  }
}
