package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RationalTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-1, -1",
    "+2, 2",
    "0.50, 0.5",
    ".5, 0.5",
    "3., 3",
    "1e3, 1000",
    "-1.5E-2, -0.015",
    "0.030000000000, 0.03",
    "-0, 0",
    "1e+2, 100"
  })
  void parse_decimals_areExact(String text, String value) {
    assertThat(Rational.parse(text)).hasValue(Rational.of(new BigDecimal(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        ".",
        "-.",
        "e5",
        "1e",
        "1e+",
        "1e5.0",
        "0x10",
        "1,5",
        "1_000",
        "NaN",
        "inf",
        "Infinity",
        "8/255",
        "1f",
        "1d",
        "--1",
        "1-",
        "٣",
        "1 2",
        "1e5e5"
      })
  void parse_otherWords_areNoNumbers(String text) {
    assertThat(Rational.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e2001", "1e-2001", "1e999999999", "1e99999999999999", "-1e-2147483649"})
  void parse_exponentsBeyondReason_areRefused(String text) {
    assertThatThrownBy(() -> Rational.parse(text)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void times_growingWithoutEnd_isRefused() {
    Rational[] number = {Rational.of(new BigDecimal("1.2345678901234567890123456789"))};
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 40; i++) {
                number[0] = number[0].times(number[0]);
              }
            })
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("digits");
  }

  @Test
  void arithmetic_onThirds_isExact() {
    Rational third = Rational.ONE.over(Rational.of(3));

    assertThat(third.plus(third).plus(third)).isEqualTo(Rational.ONE);
    assertThat(third.times(Rational.of(-3))).isEqualTo(Rational.of(-1));
    assertThat(Rational.ONE.over(Rational.of(-3))).isEqualTo(third.negate());
    assertThat(third.minus(Rational.ONE.over(Rational.of(2))).signum()).isEqualTo(-1);
    assertThatThrownBy(() -> third.over(Rational.ZERO)).hasMessage("a division by zero");
  }

  @Test
  void hashCode_equalNumbersOfDifferentForm_isEqual() {
    Rational half = Rational.ONE.over(Rational.of(2));
    Rational decimal = Rational.of(new BigDecimal("0.500"));

    assertThat(half).isEqualTo(decimal).hasSameHashCodeAs(decimal);
  }

  @Test
  void floor_betweenDoubles_enclosesTheNumber() {
    Rational tenth = Rational.of(new BigDecimal("0.1"));

    assertThat(Rational.of(tenth.floor())).isLessThan(tenth);
    assertThat(Rational.of(tenth.ceiling())).isGreaterThan(tenth);
    assertThat(Math.nextUp(tenth.floor())).isEqualTo(tenth.ceiling());
    assertThat(Rational.of(tenth.floorFloat())).isLessThan(tenth);
    assertThat(Math.nextUp(tenth.floorFloat())).isEqualTo(tenth.ceilingFloat());
  }

  @Test
  void floor_ofDoubles_isTheDoubleItself() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Rational.of(value).floor()).isEqualTo(value + 0.0);
        assertThat(Rational.of(value).ceiling()).isEqualTo(value + 0.0);
      }
    }
  }

  @Test
  void floor_ofQuotients_isTheNearestDoubleBelow() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 2_000; i++) {
      Rational quotient =
          Rational.of(random.nextInt()).over(Rational.of(1 + random.nextInt(1_000_000)));
      double floor = quotient.floor();
      assertThat(Rational.of(floor)).isLessThanOrEqualTo(quotient);
      assertThat(Rational.of(Math.nextUp(floor))).isGreaterThan(quotient);
      float narrow = quotient.floorFloat();
      assertThat(Rational.of(narrow)).isLessThanOrEqualTo(quotient);
      assertThat(Rational.of(Math.nextUp(narrow))).isGreaterThan(quotient);
    }
  }

  @Test
  void floor_beyondDoubles_isInfinite() {
    Rational huge = Rational.of(new BigDecimal("1e400"));

    assertThat(huge.floor()).isEqualTo(Double.MAX_VALUE);
    assertThat(huge.ceiling()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(huge.negate().floor()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Rational.of(new BigDecimal("1e-400")).floor()).isZero();
    assertThat(Rational.of(new BigDecimal("1e-400")).ceiling()).isEqualTo(Double.MIN_VALUE);
  }
}
