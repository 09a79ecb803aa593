package dev.merlon.model.verify.vnnlib;

import static dev.merlon.model.verify.vnnlib.Texts.boxed;
import static dev.merlon.model.verify.vnnlib.Texts.violated;
import static dev.merlon.model.verify.vnnlib.Texts.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every construct of the language, read as SMT-LIB reads it. */
class VnnLibTest {
  @Test
  void parse_boundsAndOneConstraint_isOneRegion() {
    VnnLibProperty property = boxed("(assert (<= Y_0 Y_1))");

    assertThat(property.inputs().names()).containsExactly("X_0", "X_1");
    assertThat(property.inputs().shape()).containsExactly(2);
    assertThat(property.specification().regions()).hasSize(1);
    assertThat(property.specification().regions().get(0).inputs().lower())
        .containsExactly(-10, -10);
    assertThat(property.specification().regions().get(0).inputs().upper()).containsExactly(10, 10);
    assertThat(property.remarks()).isEmpty();
    assertThat(violated(property, "10", "-10", "1", "1")).isTrue();
    assertThat(violated(property, "10.000001", "-10", "1", "1")).isFalse();
    assertThat(violated(property, "0", "0", "1.0000000001", "1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(<= Y_0 0.5)",
        "(>= 0.5 Y_0)",
        "(<= Y_0 5e-1)",
        "(<= Y_0 (/ 1 2))",
        "(<= Y_0 (- (/ 1 (- 2))))",
        "(<= Y_0 (* 0.25 2))",
        "(<= Y_0 (- 1 0.25 0.25))",
        "(<= Y_0 (+ 0.25 .25))",
        "(<= (* 2 Y_0) 1)",
        "(<= (* Y_0 2) 1.)",
        "(<= (* 2 Y_0 3) 3)",
        "(<= (/ Y_0 2) 0.25)",
        "(<= (- Y_0 0.5) 0)",
        "(<= 0 (- 0.5 Y_0))",
        "(>= (- Y_0) -0.5)",
        "(<= (+ Y_0 Y_1) (+ 0.5 Y_1))",
        "(<= (* 3 (- Y_0 0.5)) 0)",
        "(<= (- (* 2 Y_0) Y_0) +0.5)",
        "(and (<= Y_0 0.5))",
        "(or (<= Y_0 0.5))",
        "(or (and (<= Y_0 0.5)))",
        "(and (<= Y_0 0.5) true)",
        "(or (<= Y_0 0.5) false)",
        "(or (<= Y_0 0.5) (<= 2 1))",
        "(and (<= Y_0 0.5) (<= X_0 X_0))",
        "(<= Y_0 0.5 1)",
        "(or (<= Y_0 0.5) (<= Y_0 0.4))"
      })
  void parse_equalConditions_haveEqualMeaning(String condition) {
    VnnLibProperty property = boxed("(assert " + condition + ")");

    assertThat(violated(property, "0", "0", "0.5", "7")).isTrue();
    assertThat(violated(property, "0", "0", "-100", "7")).isTrue();
    assertThat(violated(property, "0", "0", "0.50000000000000000001", "7")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "(<= X_0 0.5), -10, 0.5",
    "(>= X_0 0.5), 0.5, 10",
    "(<= 0.5 X_0), 0.5, 10",
    "(>= 0.5 X_0), -10, 0.5",
    "(< X_0 0.5), -10, 0.5",
    "(> X_0 0.5), 0.5, 10",
    "(< 0.5 X_0), 0.5, 10",
    "(> 0.5 X_0), -10, 0.5",
    "(= X_0 0.5), 0.5, 0.5",
    "(= (* -2 X_0) 3), -1.5, -1.5",
    "(<= (* -2 X_0) 3), -1.5, 10",
    "(<= 1 X_0 2), 1, 2",
    "(>= 2 X_0 1), 1, 2",
    "(and (<= X_0 2) (>= X_0 1) (<= X_0 3)), 1, 2",
    "(<= X_0 100), -10, 10"
  })
  void parse_boundsOfAnInput_narrowTheBox(String condition, double lower, double upper) {
    InputBox box = boxed("(assert " + condition + ")").specification().regions().get(0).inputs();

    assertThat(box.lower()).containsExactly(lower, -10);
    assertThat(box.upper()).containsExactly(upper, 10);
  }

  @Test
  void parse_strictBounds_areStrictForWitnessesOnly() {
    VnnLibProperty property = boxed("(assert (< X_0 0.5))", "(assert (> Y_0 Y_1))");
    Interval interval = property.specification().regions().get(0).inputs().interval(0);

    assertThat(interval.ceiling()).isEqualTo(0.5);
    assertThat(interval.largest(Format.FLOAT32)).isEqualTo(Math.nextDown(0.5f));
    assertThat(violated(property, "0.5", "0", "2", "1")).isFalse();
    assertThat(violated(property, "0.49", "0", "1", "1")).isFalse();
    assertThat(violated(property, "0.49", "0", "1.1", "1")).isTrue();
  }

  @Test
  void parse_boundsBetweenDoubles_areRoundedOutwardsForProofsAndInwardsForWitnesses() {
    VnnLibProperty property = boxed("(assert (<= 0.1 X_0 (/ 1 3)))", "(assert (<= Y_0 0))");
    Interval interval = property.specification().regions().get(0).inputs().interval(0);
    BigFraction tenth = Fractions.parse("0.1").orElseThrow();
    BigFraction third = BigFraction.of(1, 3);

    assertThat(BigFraction.from(interval.floor())).isLessThan(tenth);
    assertThat(BigFraction.from(interval.ceiling())).isGreaterThan(third);
    assertThat(BigFraction.from(interval.smallest(Format.FLOAT32))).isGreaterThan(tenth);
    assertThat(BigFraction.from(interval.largest(Format.FLOAT32))).isLessThan(third);
    assertThat(interval.contains(tenth)).isTrue();
    assertThat(interval.contains(third)).isTrue();
  }

  @Test
  void parse_inputConstantThatNoFloatIs_leavesNoFloat() {
    Interval interval =
        boxed("(assert (= X_0 0.1))").specification().regions().get(0).inputs().interval(0);

    assertThat(interval.smallest(Format.FLOAT32)).isGreaterThan(interval.largest(Format.FLOAT32));
    assertThat(interval.floor()).isLessThan(interval.ceiling());
  }

  @Test
  void parse_constraintsOfSeveralInputs_areKept() {
    VnnLibProperty property = boxed("(assert (<= (+ X_0 (* 2 X_1)) 3))", "(assert (<= Y_0 X_0))");

    assertThat(property.specification().regions().get(0).cases().get(0).constraints()).hasSize(2);
    assertThat(violated(property, "1", "1", "0.5", "0")).isTrue();
    assertThat(violated(property, "1", "1.1", "0.5", "0")).isFalse();
    assertThat(violated(property, "1", "1", "1.5", "0")).isFalse();
  }

  @Test
  void parse_disjunctionOfBoxes_isOneRegionForEach() {
    VnnLibProperty property =
        boxed(
            "(assert (or (and (<= X_0 1) (>= Y_0 1)) (and (>= X_0 2) (>= Y_0 2))",
            "  (and (<= X_0 1) (>= Y_1 5))))");

    assertThat(property.specification().regions()).hasSize(2);
    assertThat(property.specification().regions().get(0).cases()).hasSize(2);
    assertThat(violated(property, "1", "0", "1", "0")).isTrue();
    assertThat(violated(property, "1.5", "0", "9", "9")).isFalse();
    assertThat(violated(property, "2", "0", "1", "9")).isFalse();
    assertThat(violated(property, "1", "0", "0", "5")).isTrue();
  }

  @Test
  void parse_twoDisjunctions_areMultipliedOut() {
    VnnLibProperty property =
        boxed(
            "(assert (or (>= Y_0 1) (>= Y_1 1)))",
            "(assert (or (<= X_0 -1) (>= X_0 1)))",
            "(assert (or (<= X_1 -1) (and (>= X_1 1) (or (<= Y_0 7) (<= Y_1 7)))))");

    assertThat(property.specification().regions()).hasSize(4);
    assertThat(
            property.specification().regions().stream()
                .mapToInt(region -> region.cases().size())
                .sum())
        .isEqualTo(2 * 2 * 3);
  }

  @Test
  void parse_caseThatContradictsItself_isLeftOutAndNamed() {
    VnnLibProperty property =
        boxed("(assert (or (and (<= X_1 1) (>= X_1 2)) (<= Y_0 0)))", "(assert (< X_0 1))");

    assertThat(property.specification().regions()).hasSize(1);
    assertThat(property.remarks())
        .containsExactly("a case was left out: no value of X_1 lies in [2, 1], as its bounds ask");
  }

  @Test
  void parse_boundsThatContradictEachOther_leaveNothing() {
    VnnLibProperty property = boxed("(assert (< X_1 0.5))", "(assert (>= X_1 0.5))");

    assertThat(property.specification().regions()).isEmpty();
    assertThat(property.remarks())
        .containsExactly(
            "no value of X_1 lies in [0.5, 0.5), as its bounds ask: the property holds");
  }

  @Test
  void parse_conditionThatIsNeverTrue_leavesNothing() {
    assertThat(boxed("(assert false)").specification().regions()).isEmpty();
    assertThat(boxed("(assert (< 1 1))").specification().regions()).isEmpty();
    assertThat(boxed("(assert (<= 1 1))").specification().regions()).hasSize(1);
  }

  @Test
  void parse_namesOfSeveralAxes_areRowMajor() {
    VnnLibProperty property =
        VnnLib.parse(
            """
            (declare-const Y_0 Real)
            (declare-const X_1_0 Real) (declare-const X_1_1 Real)
            (declare-const X_0_0 Real) (declare-const X_0_1 Real)
            (assert (and (<= 0 X_0_0 1) (<= 2 X_0_1 3) (<= 4 X_1_0 5) (<= 6 X_1_1 7)))
            (assert (<= Y_0 X_1_0))
            """,
            "axes");

    assertThat(property.inputs().shape()).containsExactly(2, 2);
    assertThat(property.inputs().names()).containsExactly("X_0_0", "X_0_1", "X_1_0", "X_1_1");
    assertThat(property.specification().regions().get(0).inputs().lower())
        .containsExactly(0, 2, 4, 6);
    assertThat(violated(property, "0", "2", "4.5", "6", "4.4")).isTrue();
  }

  @Test
  void parse_versionTwoOfOneNetwork_isRead() {
    VnnLibProperty property =
        VnnLib.parse(
            """
            (vnnlib-version <2.0>)
            (declare-network N (declare-input X real [1, 2]) (declare-output Y real [1,1]))
            (assert (and (<= 0 X[0,0] 1) (<= 2 X[0, 1] 3)))
            (assert (>= Y[0,0] X[0,1]))
            """,
            "two");

    assertThat(property.inputs().names()).containsExactly("X[0,0]", "X[0,1]");
    assertThat(property.inputs().shape()).containsExactly(1, 2);
    assertThat(violated(property, "0", "2", "2")).isTrue();
    assertThat(violated(property, "0", "2", "1.9")).isFalse();
  }

  @Test
  void parse_commentsAndCommandsWithoutMeaning_areSkipped() {
    String text =
        "\uFEFF; a comment (with parentheses\r\n(set-logic QF_LRA)(set-info :source |a (\n\" b|)"
            + "(set-info :note \"( ; \")(declare-fun |X_0| () Real);\n( declare-fun Y_0( )Real )"
            + "(assert(<= 0 X_0;here\n1))(assert(<= Y_0 0))(check-sat)(exit)";

    assertThat(violated(VnnLib.parse(text, "comments"), "1", "0")).isTrue();
  }

  @Test
  void parse_parenthesesNestedDeeply_needNoStack() {
    int depth = 9_990;
    String nested = "(and (<= Y_0 1) ".repeat(depth) + "(<= Y_1 1)" + ")".repeat(depth);

    assertThat(
            boxed("(assert " + nested + ")")
                .specification()
                .regions()
                .get(0)
                .cases()
                .get(0)
                .constraints())
        .hasSize(depth + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "(assert (<= Y_0 (* Y_1 Y_1))) # a product of variables",
        "(assert (<= Y_0 (* X_0 X_1))) # a product of variables",
        "(assert (<= Y_0 (/ 1 X_1))) # a division by a variable",
        "(assert (<= Y_0 (/ 1 0))) # a division by zero",
        "(assert (<= Y_0 (/ 2))) # (/ …) with one operand",
        "(assert (<= Y_0 (+))) # (+) without operands",
        "(assert (or (and (<= Y_0 1) (>= Y_0 )))) # (>= …) with one operand",
        "(assert (or (and ((<= Y_0 0) (>= Y_0 1))))) # an operator belongs after '(', not (",
        "(assert (and)) # (and) without operands",
        "(assert (or)) # (or) without operands",
        "(assert) # assert without a condition",
        "(assert Y_0) # assert takes a condition, not a number",
        "(assert (+ Y_0 1)) # assert takes a condition, not a number",
        "(assert (<= Y_0 1) (<= Y_1 1)) # ) belongs here, not (",
        "(assert (and (<= Y_0 1) 1)) # (and …) takes conditions",
        "(assert (<= Y_0 (<= 1 2))) # (<= …) takes numbers",
        "(assert (<= Y_0 true)) # (<= …) takes numbers",
        "(assert (not (<= Y_0 1))) # unknown operator 'not'",
        "(assert (distinct Y_0 1)) # unknown operator 'distinct'",
        "(assert (<= Y_0 Y_2)) # 'Y_2' is neither a number nor a declared variable",
        "(assert (<= Y_0 Y_00)) # 'Y_00' is neither",
        "(assert (<= y_0 1)) # 'y_0' is neither",
        "(assert (<= Y_0 8/255)) # '8/255' is neither",
        "(assert (<= Y_0 NaN)) # 'NaN' is neither",
        "(assert (<= Y_0 1e9999)) # an exponent beyond",
        "(assert (<= Y_0 1) # a command that is not closed",
        "(assert (<= Y_0 1))) # a command such as (assert …) belongs here, not )",
        "assert # a command such as (assert …) belongs here",
        "(declare-const X_0 Real) # variable 'X_0' is declared twice",
        "(declare-const Z_0 Real) # is neither X_i nor Y_j",
        "(declare-const X_ Real) # has no index",
        "(declare-const X_01 Real) # has no index",
        "(declare-const X_-1 Real) # has no index",
        "(declare-const X_99999999999 Real) # has no index",
        "(declare-const X_2 Int) # 'Int' is not supported",
        "(declare-const X_2) # a type belongs here, not )",
        "(declare-fun X_2 (Real) Real) # ) belongs here, not 'Real'",
        "(define-fun f () Real 1) # unknown command 'define-fun'",
        "(push 1) # unknown command 'push'",
        "(vnnlib-version <3.0>) # no supported version",
        "(declare-network f (declare-input Z float32 [1])) # 'float32' is not supported",
        "(declare-network f (declare-input Z real [0])) # is no shape",
        "(declare-network f (declare-input Z real [9999999,99])) # more than 20,000,000 elements",
        "(declare-network f (equal-to g)) # only networks of one declare-input",
        "(set-info :x # a command that is not closed",
        "(assert (<= Y_0 |a)) # a quotation that is not closed",
        "(assert (<= Y[0 1)) # a bracket that is not closed"
      })
  void parse_whatItDoesNotUnderstand_isRefusedWithItsLine(String line, String problem) {
    String text = with(2, 2, "(assert (<= 0 X_0 1))", line);

    assertThatThrownBy(() -> VnnLib.parse(text, "bad.vnnlib"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> {
              assertThat(refused.failure()).isInstanceOf(Failure.Data.class);
              assertThat(refused).hasMessageStartingWith("bad.vnnlib, line ");
              assertThat(refused).hasMessageContaining(problem);
              assertThat(refused.getMessage().lines()).hasSize(1);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(declare-const X_1 Real)(assert (<= 0 X_0 1)) | X_1 has no finite lower bound",
        "(assert (<= 0 X_0)) | X_0 has no finite upper bound",
        "(assert (<= 0 X_0 1e400)) | X_0 has no finite upper bound",
        "(assert (or (<= 0 X_0 1) (<= X_0 1))) | X_0 has no finite lower bound in one of its cases",
        "(declare-const X_2 Real) | element [1] is missing",
        "(declare-const X_0_1 Real) | X_0_1 has another number of axes",
        "(declare-const X_999999999 Real) | element [1] is missing"
      })
  void parse_inputsThatAreNoBoundedTensor_areRefused(String lines, String problem) {
    assertThatThrownBy(() -> VnnLib.parse(with(1, 1, lines), "bad.vnnlib"))
        .isInstanceOf(MerlonException.class)
        .hasMessageStartingWith("bad.vnnlib: ")
        .hasMessageContaining(problem);
  }

  @Test
  void parse_withoutInputsOrOutputs_isRefused() {
    assertThatThrownBy(() -> VnnLib.parse("", "empty")).hasMessage("empty: no input is declared");
    assertThatThrownBy(() -> VnnLib.parse(with(1, 0, "(assert (<= 0 X_0 1))"), "half"))
        .hasMessage("half: no output is declared");
  }

  @Test
  void parse_moreCasesThanTheLimit_isRefusedAtOnce() {
    String choice = "(assert (or (<= Y_0 1) (<= Y_1 1)))\n";

    assertThatThrownBy(() -> boxed(choice.repeat(200)))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("multiply out to 1.61e+60 cases");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(and (or (<= Y_0 1) ", "(and ", "(+ "})
  void parse_deeperThanTheLimits_isRefused(String opening) {
    String text = with(1, 1, "(assert (<= " + opening.repeat(20_000));

    assertThatThrownBy(() -> VnnLib.parse(text.replace("(<= (and", "(and (and"), "deep"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void read_packedFile_isUnpacked(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("p.vnnlib.gz");
    String text = with(1, 1, "(assert (<= 0 X_0 1))");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(VnnLib.read(file).specification().regions()).hasSize(1);
  }

  @Test
  void read_missingOrDamagedFile_isRefused(@TempDir Path folder) throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged.gz"), "no gzip");

    assertThatThrownBy(() -> VnnLib.read(damaged)).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> VnnLib.read(folder.resolve("missing")))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("cannot be read");
  }
}
