package dev.merlon.model.verify.vnnlib;

import static dev.merlon.model.verify.vnnlib.Texts.boxed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessTest {
  private static final VnnLibProperty PROPERTY = boxed("(assert (>= Y_0 Y_1))");

  @Test
  void of_counterexample_hasTheShortestDecimals() {
    Witness witness = witness(PROPERTY, 0.1f, -10, 1e-10f, -3.21f);

    assertThat(witness.inputs()).containsExactly(new BigDecimal("0.1"), new BigDecimal("-1E+1"));
    assertThat(witness.violates(PROPERTY)).isTrue();
    assertThat(WitnessFile.text(PROPERTY, witness))
        .isEqualTo("sat\n((X_0 0.1)\n (X_1 -10)\n (Y_0 0.0000000001)\n (Y_1 -3.21))\n");
  }

  @Test
  void of_pointOutsideOrSafe_isNone() {
    assertThat(Witness.of(PROPERTY, floats(10.000001f, 0), floats(1, 0))).isEmpty();
    assertThat(Witness.of(PROPERTY, floats(10, 0), floats(1, Math.nextUp(1f)))).isEmpty();
    assertThat(Witness.of(PROPERTY, floats(10, 0), floats(1, 1))).isPresent();
    assertThat(Witness.of(PROPERTY, floats(10, 0), floats(Float.NaN, 1))).isEmpty();
    assertThat(Witness.of(PROPERTY, floats(Float.NaN, 0), floats(1, 1))).isEmpty();
  }

  @Test
  void of_shortDecimalOutsideTheBox_hasMoreDigits() {
    float value = 0.1f;
    VnnLibProperty property =
        boxed("(assert (>= X_0 0.100000001))", "(assert (< X_1 0.3))", "(assert (>= Y_0 Y_1))");

    Witness witness = witness(property, value, 0, 1, 0);

    assertThat(witness.inputs().get(0)).isEqualTo(new BigDecimal("0.10000000149011612"));
    assertThat(witness.violates(property)).isTrue();
    assertThat(Witness.of(property, floats(value, 0.3f), floats(1, 0))).isEmpty();
  }

  @Test
  void of_inputThatNoFloatCanBe_isADecimalOfItsBounds() {
    VnnLibProperty property =
        boxed(
            "(assert (= X_0 0.1))",
            "(assert (< (/ 1 3) X_1 (+ (/ 1 3) 1e-12)))",
            "(assert (>= Y_0 Y_1))");
    InputBox box = property.specification().regions().get(0).inputs();
    double first = box.interval(0).nearest(Format.FLOAT32, 0);
    double second = box.interval(1).nearest(Format.FLOAT32, 0);

    Witness witness = witness(property, first, second, 1, 0);

    assertThat(first).isEqualTo((double) 0.1f);
    assertThat(witness.inputs().get(0)).isEqualTo(new BigDecimal("0.1"));
    assertThat((double) witness.inputs().get(1).floatValue()).isEqualTo(second);
    assertThat(witness.violates(property)).isTrue();
    assertThat(Witness.of(property, floats(Math.nextUp((float) first), second), floats(1, 0)))
        .isEmpty();
  }

  @Test
  void of_outputsWhoseShortDecimalsDoNotCount_haveMoreDigits() {
    float value = 0.1f;
    VnnLibProperty property = boxed("(assert (> Y_0 0.1))");

    Witness witness = witness(property, 0, 0, value, 0);

    assertThat(witness.outputs().get(0)).isEqualTo(new BigDecimal("0.10000000149011612"));
    assertThat(Witness.of(property, floats(0, 0), floats(Math.nextDown(value), 0))).isEmpty();
  }

  @Test
  void of_outputsWhoseShortDecimalsAloneCount_isNone() {
    float value = 0.1f;

    assertThat(Witness.of(boxed("(assert (<= Y_0 0.1))"), floats(0, 0), floats(value, 0)))
        .isEmpty();
    assertThat(Witness.of(boxed("(assert (= Y_0 0.1))"), floats(0, 0), floats(value, 0))).isEmpty();
    assertThat(Witness.of(boxed("(assert (<= Y_0 0.1))"), doubles(0, 0), doubles(0.1, 0)))
        .isEmpty();
    assertThat(
            Witness.of(
                boxed("(assert (<= Y_0 0.1))"), floats(0, 0), floats(Math.nextDown(value), 0)))
        .isPresent();
  }

  @Test
  void of_inputsWhoseShortDecimalsAloneCount_isNone() {
    float above = 0.1f;
    float below = 0.7f;
    VnnLibProperty sum = boxed("(assert (<= (+ X_0 X_1) 0.2))");
    VnnLibProperty box = boxed("(assert (<= X_0 0.1))", "(assert (<= Y_0 0))");

    assertThat(BigFraction.from(above)).isGreaterThan(Fractions.parse("0.1").orElseThrow());
    assertThat(BigFraction.from(below)).isLessThan(Fractions.parse("0.7").orElseThrow());
    assertThat(Witness.of(sum, floats(above, above), floats(0, 0))).isEmpty();
    assertThat(Witness.of(box, floats(above, 0), floats(0, 0))).isEmpty();
    Witness shown = witness(boxed("(assert (< X_0 0.7))", "(assert (<= Y_0 0))"), below, 0, 0, 0);
    assertThat(shown.inputs().get(0)).isEqualTo(new BigDecimal("0.699999988079071"));
  }

  @Test
  void of_everyWitness_holdsExactlyAndAsItIsWritten() {
    SplittableRandom random = new SplittableRandom(5);
    int written = 0;
    int refused = 0;
    for (int n = 0; n < 2_000; n++) {
      Format format = n % 2 == 0 ? Format.FLOAT32 : Format.FLOAT64;
      // Numbers beside short decimals, where rounding decides.
      double x = format.nearest(random.nextInt(1, 10) / 10.0);
      double y = format.nearest(random.nextInt(-9, 10) / 100.0);
      String relation = List.of("<=", "<", ">=", ">", "=").get(random.nextInt(5));
      VnnLibProperty property =
          boxed(
              "(assert (%s Y_0 %s))".formatted(relation, random.nextInt(-9, 10) / 100.0),
              "(assert (<= X_0 %s))".formatted(random.nextInt(1, 10) / 10.0));

      Optional<Witness> found =
          Witness.of(property, new Numbers(format, x, 0), new Numbers(format, y, 0));

      boolean holds =
          property.violatedAt(
              List.of(BigFraction.from(x), BigFraction.ZERO),
              List.of(BigFraction.from(y), BigFraction.ZERO));
      assertThat(found.isPresent()).isEqualTo(holds);
      found.ifPresent(
          witness -> {
            assertThat(witness.violates(property)).isTrue();
            assertThat(format.read(witness.inputs().get(0))).isEqualTo(x);
            assertThat(format.read(witness.outputs().get(0))).isEqualTo(y);
          });
      written += holds ? 1 : 0;
      refused += holds ? 0 : 1;
    }
    assertThat(written).isGreaterThan(300);
    assertThat(refused).isGreaterThan(300);
  }

  @Test
  void of_wideNumbers_haveTheShortestDecimalsOfDoubles() {
    Witness witness =
        Witness.of(PROPERTY, doubles(0.1, 1 - 0x1p-40), doubles(0.1 + 0.2, 0.3)).orElseThrow();

    assertThat(witness.inputs())
        .containsExactly(new BigDecimal("0.1"), new BigDecimal("0.9999999999990905"));
    assertThat(witness.outputs())
        .containsExactly(new BigDecimal("0.30000000000000004"), new BigDecimal("0.3"));
  }

  @Test
  void parse_writtenWitness_isTheSame() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 500; i++) {
      float x = (float) random.nextDouble(-10, 10);
      float y = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(y)) {
        Witness witness = witness(PROPERTY, x, (float) random.nextDouble(), y, y);
        Witness read = WitnessFile.parse(PROPERTY, WitnessFile.text(PROPERTY, witness), "w");

        assertThat(read.violates(PROPERTY)).isTrue();
        assertThat(read.inputs().get(0).floatValue()).isEqualTo(x);
        assertThat(read.outputs().get(0).floatValue()).isEqualTo(y);
        assertThat(read.outputs())
            .usingElementComparator(BigDecimal::compareTo)
            .isEqualTo(witness.outputs());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unsat",
        "sat",
        "()",
        "((X_0 1) (X_1 1) (Y_0 1))",
        "((X_0 1) (X_1 1) (Y_0 1) (Y_1 1) (Y_2 1))",
        "((X_0 1) (X_0 1) (Y_0 1) (Y_1 1))",
        "((X_0 1) (X_1 NaN) (Y_0 1) (Y_1 1))",
        "((X_0 1) (X_1 1) (Y_0 1) (Y_1 1)",
        "((X_0 1) (X_1 1) (Y_0 1) (Y_1 1)))",
        "((X_0 1) (X_1) (Y_0 1) (Y_1 1))"
      })
  void parse_otherTexts_areRefused(String text) {
    assertThatThrownBy(() -> WitnessFile.parse(PROPERTY, text, "w.txt"))
        .isInstanceOf(MerlonException.class)
        .hasMessageStartingWith("w.txt");
  }

  @Test
  void parse_formOfTheCompetition_isRead() {
    String text = "sat\n((X_0 0.0123)\n (X_1 0.0000)\n (Y_0 -3.21)\n (Y_1 5.43))\n";

    Witness witness = WitnessFile.parse(PROPERTY, text, "w");

    assertThat(witness.outputs().get(1)).isEqualTo(new BigDecimal("5.43"));
    assertThat(witness.violates(PROPERTY)).isFalse();
  }

  private static Witness witness(
      VnnLibProperty property, double x0, double x1, double y0, double y1) {
    return Witness.of(property, floats(x0, x1), floats(y0, y1)).orElseThrow();
  }

  private static Numbers floats(double... values) {
    return new Numbers(Format.FLOAT32, values);
  }

  private static Numbers doubles(double... values) {
    return new Numbers(Format.FLOAT64, values);
  }
}
