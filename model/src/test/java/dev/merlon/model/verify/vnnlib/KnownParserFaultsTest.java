package dev.merlon.model.verify.vnnlib;

import static dev.merlon.model.verify.vnnlib.Texts.boxed;
import static dev.merlon.model.verify.vnnlib.Texts.violated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import org.junit.jupiter.api.Test;

/** Texts that parsers of other verifiers are known to have read wrongly. */
class KnownParserFaultsTest {
  /** verivital/nnv#315: the later assertion became one more disjunct. */
  @Test
  void parse_conditionAfterADisjunction_holdsInEachOfItsCases() {
    VnnLibProperty property = boxed("(assert (or (<= Y_0 0) (>= Y_0 1)))", "(assert (<= Y_1 0.5))");

    assertThat(property.specification().regions().get(0).cases())
        .hasSize(2)
        .allSatisfy(conjunction -> assertThat(conjunction.constraints()).hasSize(2));
    assertThat(violated(property, "0", "0", "0.5", "0")).isFalse();
    assertThat(violated(property, "0", "0", "0", "0.6")).isFalse();
    assertThat(violated(property, "0", "0", "0", "0.5")).isTrue();
  }

  /** verivital/nnv#319: the disjunction after a conjunct was dropped. */
  @Test
  void parse_conditionBeforeADisjunction_holdsInEachOfItsCases() {
    VnnLibProperty property = boxed("(assert (<= Y_1 0.5))", "(assert (or (<= Y_0 0) (>= Y_0 1)))");

    assertThat(violated(property, "0", "0", "0.5", "0")).isFalse();
    assertThat(violated(property, "0", "0", "1", "0.6")).isFalse();
    assertThat(violated(property, "0", "0", "1", "0.5")).isTrue();
  }

  /** verivital/nnv#335: a bound of the first case narrowed the second one as well. */
  @Test
  void parse_boundsOfOneCase_doNotLeakIntoTheNext() {
    VnnLibProperty property =
        boxed(
            "(assert (or (and (>= X_0 1) (<= X_0 2) (>= Y_0 0))",
            "  (and (>= X_1 3) (<= X_1 4) (>= Y_0 0))))");

    InputBox second = property.specification().regions().get(1).inputs();
    assertThat(second.lower()).containsExactly(-10, 3);
    assertThat(second.upper()).containsExactly(10, 4);
    assertThat(violated(property, "-10", "3.5", "0", "0")).isTrue();
  }

  /** verivital/nnv#319: the same leak among pure input boxes. */
  @Test
  void parse_boundsOfOneInputBox_doNotLeakIntoTheNext() {
    VnnLibProperty property =
        boxed("(assert (or (<= X_0 -5) (>= X_1 5)))", "(assert (>= Y_0 Y_1))");

    assertThat(property.specification().regions().get(1).inputs().lower()).containsExactly(-10, 5);
    assertThat(property.specification().regions().get(1).inputs().upper()).containsExactly(10, 10);
  }

  /** verivital/nnv#319: a strict lower bound of an input became its upper bound. */
  @Test
  void parse_strictLowerBoundOfAnInput_isALowerBound() {
    InputBox box = boxed("(assert (> X_0 2))").specification().regions().get(0).inputs();

    assertThat(box.lower()[0]).isEqualTo(2);
    assertThat(box.upper()[0]).isEqualTo(10);
  }

  /** dlshriver/vnnlib#2: the sign of a negative integer was lost. */
  @Test
  void parse_negativeIntegerBounds_keepTheirSign() {
    VnnLibProperty property = boxed("(assert (>= X_0 -1))", "(assert (<= Y_0 -1))");

    assertThat(property.specification().regions().get(0).inputs().lower()[0]).isEqualTo(-1);
    assertThat(violated(property, "0", "0", "-1", "0")).isTrue();
    assertThat(violated(property, "0", "0", "1", "0")).isFalse();
  }

  /** vas-group-imperial/VeriNet#2: no white space between two parentheses. */
  @Test
  void parse_parenthesesWithoutWhiteSpace_areApart() {
    VnnLibProperty property =
        boxed("(assert(or(and(<= Y_1 Y_0)(<= Y_1 0))(and(<= Y_0 Y_1)(<= Y_0 0))))");

    assertThat(property.specification().regions().get(0).cases()).hasSize(2);
  }

  /** NeuralNetworkVerification/Marabou#625: a bound with a coefficient. */
  @Test
  void parse_boundWithACoefficient_isDividedByIt() {
    InputBox box =
        boxed("(assert (>= (* 60261.0 X_0) 36156.6))").specification().regions().get(0).inputs();

    assertThat(box.lower()[0]).isEqualTo(0.6);
  }

  /** NeVerTools/pyNeVer#6: lower bounds were not read. */
  @Test
  void parse_lowerAndUpperBounds_bothCount() {
    InputBox box =
        boxed("(assert (>= X_0 0.25))", "(assert (<= X_0 0.5))")
            .specification()
            .regions()
            .get(0)
            .inputs();

    assertThat(box.lower()[0]).isEqualTo(0.25);
    assertThat(box.upper()[0]).isEqualTo(0.5);
  }

  /** NeVerTools/pyNeVer#44: a disjunction of bare comparisons. */
  @Test
  void parse_disjunctionWithoutAnd_isRead() {
    assertThat(
            boxed("(assert (or (>= Y_0 1) (>= Y_1 1)))").specification().regions().get(0).cases())
        .hasSize(2);
  }

  /** Verified-Intelligence/alpha-beta-CROWN#89: a malformed text was taken and never decided. */
  @Test
  void parse_malformedConjunction_isRefused() {
    assertThatThrownBy(() -> boxed("(assert (or (and ((<= Y_0 0) (>= Y_0 ))))"))
        .isInstanceOf(MerlonException.class);
  }
}
