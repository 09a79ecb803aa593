package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FractionsTest {
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
    assertThat(Fractions.parse(text)).hasValue(Fractions.of(new BigDecimal(value)));
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
    assertThat(Fractions.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e2001", "1e-2001", "1e999999999", "1e99999999999999", "-1e-2147483649"})
  void parse_exponentsBeyondReason_areRefused(String text) {
    assertThatThrownBy(() -> Fractions.parse(text)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void requireSmall_growingWithoutEnd_isRefused() {
    BigFraction[] number = {Fractions.of(new BigDecimal("1.2345678901234567890123456789"))};
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 40; i++) {
                number[0] = Fractions.requireSmall(number[0].multiply(number[0]));
              }
            })
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("digits");
  }

  @Test
  void quotient_byZero_saysSo() {
    assertThat(Fractions.quotient(BigFraction.ONE, BigFraction.of(-3)))
        .isEqualTo(BigFraction.of(-1, 3));
    assertThatThrownBy(() -> Fractions.quotient(BigFraction.ONE, BigFraction.ZERO))
        .hasMessage("a division by zero");
  }

  @Test
  void decimal_numbersWhoseDigitsEnd_isExact() {
    assertThat(Fractions.decimal(BigFraction.of(-3, 40))).hasValue(new BigDecimal("-0.075"));
    assertThat(Fractions.decimal(BigFraction.of(12))).hasValue(new BigDecimal("12"));
    assertThat(Fractions.decimal(BigFraction.of(1, 30))).isEmpty();
    assertThat(Fractions.decimal(BigFraction.of(-3, -40))).hasValue(new BigDecimal("0.075"));
    assertThat(Fractions.text(BigFraction.of(-8, -255))).isEqualTo("8/255");
    assertThat(Fractions.text(BigFraction.of(8, -255))).isEqualTo("-8/255");
    assertThat(BigFraction.of(-8, -255)).hasSameHashCodeAs(BigFraction.of(8, 255));
    assertThat(Fractions.text(BigFraction.of(8, 255))).isEqualTo("8/255");
    assertThat(Fractions.text(Fractions.of(new BigDecimal("1e-3")))).isEqualTo("0.001");
  }

  // Not so in every version of the library.
  @Test
  void compareTo_negativeNumbers_followsTheirOrder() {
    assertThat(BigFraction.of(-1, 3)).isLessThan(BigFraction.of(-1, 4));
    assertThat(BigFraction.from(Math.nextDown(-0.1))).isLessThan(BigFraction.from(-0.1));
  }

  @Test
  void floor_betweenDoubles_enclosesTheNumber() {
    BigFraction tenth = Fractions.of(new BigDecimal("0.1"));

    assertThat(BigFraction.from(Fractions.floor(tenth))).isLessThan(tenth);
    assertThat(BigFraction.from(Fractions.ceiling(tenth))).isGreaterThan(tenth);
    assertThat(Math.nextUp(Fractions.floor(tenth))).isEqualTo(Fractions.ceiling(tenth));
    assertThat(BigFraction.from(Fractions.floorFloat(tenth))).isLessThan(tenth);
    assertThat(BigFraction.from(Math.nextUp(Fractions.floorFloat(tenth)))).isGreaterThan(tenth);
  }

  @Test
  void floor_ofDoubles_isTheDoubleItself() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Fractions.floor(BigFraction.from(value))).isEqualTo(value + 0.0);
        assertThat(Fractions.ceiling(BigFraction.from(value))).isEqualTo(value + 0.0);
      }
    }
  }

  @Test
  void floor_ofQuotients_isTheNearestDoubleBelow() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 2_000; i++) {
      BigFraction quotient = BigFraction.of(random.nextInt(), 1 + random.nextInt(1_000_000));
      double floor = Fractions.floor(quotient);
      assertThat(BigFraction.from(floor)).isLessThanOrEqualTo(quotient);
      assertThat(BigFraction.from(Math.nextUp(floor))).isGreaterThan(quotient);
      float narrow = Fractions.floorFloat(quotient);
      assertThat(BigFraction.from(narrow)).isLessThanOrEqualTo(quotient);
      assertThat(BigFraction.from(Math.nextUp(narrow))).isGreaterThan(quotient);
    }
  }

  @Test
  void floor_beyondDoubles_isInfinite() {
    BigFraction huge = Fractions.of(new BigDecimal("1e400"));

    assertThat(Fractions.floor(huge)).isEqualTo(Double.MAX_VALUE);
    assertThat(Fractions.ceiling(huge)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Fractions.floor(huge.negate())).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Fractions.floor(Fractions.of(new BigDecimal("1e-400")))).isZero();
    assertThat(Fractions.ceiling(Fractions.of(new BigDecimal("1e-400"))))
        .isEqualTo(Double.MIN_VALUE);
  }
}
