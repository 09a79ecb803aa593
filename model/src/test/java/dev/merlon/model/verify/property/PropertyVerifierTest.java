package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Outcome.Kind;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import dev.merlon.model.verify.vnnlib.WitnessFile;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of a network with outputs {@code (|a - b|, a + b)} over {@code [0,1]^2}. */
class PropertyVerifierTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(>= Y_0 1.01)",
        "(<= Y_0 -0.01)",
        "(>= Y_0 (+ Y_1 0.05))",
        "(and (>= Y_0 0.6) (<= Y_1 0.55))",
        "(or (>= Y_0 1.01) (>= Y_1 2.01))",
        "(and (>= (+ X_0 X_1) 1.8) (<= Y_1 1.7))",
        "(and (<= X_0 0.1) (>= (- Y_0 X_1) 0.15))",
        "(and (<= X_0 0.1) (>= Y_0 1.0000001))",
        "(>= (* 3 Y_0) 3.0001)"
      })
  void verify_propertyThatHolds_isUnsat(String assertion) {
    assertThat(verify(assertion, () -> false).kind()).isEqualTo(Kind.CERTIFIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(>= Y_0 0.95)",
        "(<= Y_0 0)",
        "(>= Y_0 (- Y_1 0.05))",
        "(and (>= Y_0 0.6) (<= Y_1 0.65))",
        "(or (>= Y_0 1.01) (>= Y_1 1.99))",
        "(and (>= (+ X_0 X_1) 1.8) (<= Y_1 1.81))",
        "(and (= X_0 0.1) (>= Y_0 0.85))",
        "(= X_0 0.5)"
      })
  void verify_propertyThatFails_isSatWithAWitnessThatReplays(String assertion) {
    VnnLibProperty property = PropertyNetworks.property(assertion);

    Outcome answer = verify(assertion, () -> false);

    assertThat(answer.kind()).isEqualTo(Kind.FALSIFIED);
    Witness witness = answer.witness().orElseThrow();
    Witness read = WitnessFile.parse(property, WitnessFile.text(property, witness), "witness");
    assertThat(read.violates(property)).isTrue();
    float[] x = new float[2];
    for (int i = 0; i < x.length; i++) {
      x[i] = read.inputs().get(i).floatValue();
    }
    try (RuntimeSession session = RuntimeSession.open(PropertyNetworks.distance().file(), 1)) {
      double[] y = session.outputs(x, 1)[0];
      for (int j = 0; j < y.length; j++) {
        assertThat((double) read.outputs().get(j).floatValue()).isEqualTo(y[j]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(> Y_0 Y_1)",
        "(and (<= X_0 0) (>= Y_0 1.00000000000000000001))",
        "(> Y_1 2)",
        "(and (<= X_0 0) (<= X_1 0.1) (>= Y_0 0.1))"
      })
  void verify_propertyThatOnlyExactArithmeticDecides_isNeitherWord(String assertion) {
    AtomicInteger asked = new AtomicInteger();

    Outcome answer = verify(assertion, () -> asked.incrementAndGet() > 100);

    assertThat(answer.kind()).isIn(Kind.UNKNOWN, Kind.TIMEOUT);
    assertThat(answer.witness()).isEmpty();
  }

  /** Output {@code 1 - 2^-40} everywhere, which is 1 in float32. */
  @Test
  void verify_wideOutputThatFloatsRoundToTheThreshold_isUnsat() {
    byte[] file = constant(HandWritten.wide(1, 1), 1 - 0x1p-40);

    assertThat(verify(file, "(assert (>= X_0 -1))(assert (<= X_0 1))(assert (>= Y_0 1))").kind())
        .isEqualTo(Kind.CERTIFIED);
    Outcome below =
        verify(file, "(assert (>= X_0 -1))(assert (<= X_0 1))(assert (<= Y_0 0.999999999999091))");
    assertThat(below.kind()).isEqualTo(Kind.FALSIFIED);
    assertThat(below.witness().orElseThrow().outputs())
        .containsExactly(new BigDecimal("0.9999999999990905"));
  }

  /** Output {@code x}, for the double 0.1, which no float32 number is. */
  @Test
  void verify_wideInput_isGivenInDouble() {
    byte[] file =
        HandWritten.wide(1, 1)
            .values("one", new double[] {1}, 1, 1)
            .then("MatMul", List.of("one"))
            .ending(1, 1);

    Outcome answer =
        verify(
            file,
            "(assert (>= X_0 0.09999999999999999))(assert (<= X_0 0.10000000000000002))"
                + "(assert (<= Y_0 0.10000000000000003))");

    assertThat(answer.kind()).isEqualTo(Kind.FALSIFIED);
    Witness witness = answer.witness().orElseThrow();
    assertThat(witness.inputs().get(0).doubleValue())
        .isEqualTo(witness.outputs().get(0).doubleValue());
  }

  /** Output 0.1 in float32 everywhere, which is a little more than 0.1. */
  @Test
  void verify_outputWhoseShortestDecimalIsTheThreshold_isUnsat() {
    byte[] file = constant(HandWritten.of(1, 1), 0.1f);
    String box = "(assert (>= X_0 -1))(assert (<= X_0 1.25))";

    assertThat(verify(file, box + "(assert (<= Y_0 0.1))").kind()).isEqualTo(Kind.CERTIFIED);
    Outcome exactly = verify(file, box + "(assert (<= Y_0 0.1000000015))");
    assertThat(exactly.kind()).isEqualTo(Kind.FALSIFIED);
    assertThat(exactly.witness().orElseThrow().outputs()).containsExactly(new BigDecimal("0.1"));
  }

  @Test
  void verify_noTime_isTimeout() {
    assertThat(verify("(>= Y_0 (+ Y_1 0.05))", () -> true).kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void verify_timeUpAtAnyQuestion_isTimeoutAndFreesEverything() {
    int timeouts = 0;
    for (int questions = 0; questions < 40; questions++) {
      AtomicInteger left = new AtomicInteger(questions);

      Outcome answer = verify("(and (>= Y_0 0.6) (<= Y_1 0.55))", () -> left.decrementAndGet() < 0);

      assertThat(answer.kind()).isIn(Kind.CERTIFIED, Kind.TIMEOUT);
      // Once time is up, hardly anything asks again.
      assertThat(left.get()).isGreaterThan(-5);
      timeouts += answer.kind() == Kind.TIMEOUT ? 1 : 0;
    }
    assertThat(timeouts).isGreaterThan(5);
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("verifier", "crown");
  }

  // Nothing but exact arithmetic decides about the first region.
  @Test
  void verify_regionThatTakesAllTheTime_keepsNoOtherOneWaiting() {
    AtomicInteger asked = new AtomicInteger();

    Outcome answer =
        verify(
            "(or (and (>= X_0 0.5) (> Y_1 2)) (and (<= X_0 0.4) (>= Y_0 0.9)))",
            () -> asked.incrementAndGet() > 1000);

    assertThat(answer.kind()).isEqualTo(Kind.FALSIFIED);
    assertThat(answer.reason()).contains("search");
  }

  @Test
  void verify_rungThatBreaks_isUnknownAndSaysSo() {
    Outcome answer =
        verify(
            "(>= Y_0 (+ Y_1 0.05))",
            () -> {
              if (isAskedByARung()) {
                throw new IllegalStateException("it broke");
              }
              return false;
            });

    assertThat(answer.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(answer.failure()).hasValueSatisfying(why -> assertThat(why).contains("it broke"));
    assertThat(new Outcome.Unknown(Rung.BAB, "in vain").failure()).isEmpty();
  }

  private static boolean isAskedByARung() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith("$Step")));
  }

  @Test
  void verify_noTimeLeft_isTimeoutWithoutARung() {
    try (Verifier verifier =
        LadderVerifier.open(PropertyNetworks.distance(), PropertyNetworks.LIMITS)) {
      Outcome answer =
          PropertyNetworks.answer(
              verifier,
              PropertyNetworks.property("(>= Y_0 0.95)"),
              PropertyNetworks.effort(0).within(Duration.ZERO),
              () -> false);

      assertThat(answer.kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void verify_quickPhaseAlone_leavesWhatItDoesNotDecideUnknown() {
    try (Verifier verifier =
        LadderVerifier.open(PropertyNetworks.distance(), PropertyNetworks.LIMITS)) {
      Effort quick = PropertyNetworks.effort(0).upTo(LadderPhase.QUICK);

      assertThat(verify(verifier, quick, "(>= Y_0 0.95)").kind()).isEqualTo(Kind.FALSIFIED);
      assertThat(verify(verifier, quick, "(>= Y_0 10)").kind()).isEqualTo(Kind.CERTIFIED);
      assertThat(verify(verifier, quick, "(> Y_1 2)").kind()).isEqualTo(Kind.UNKNOWN);
    }
  }

  private static Outcome verify(Verifier verifier, Effort effort, String assertion) {
    return PropertyNetworks.answer(
        verifier, PropertyNetworks.property(assertion), effort, () -> false);
  }

  @Test
  void verify_propertyOfOtherTensors_saysHowManyThereAre() {
    VnnLibProperty property =
        VnnLib.parse(
            "(declare-const X_0 Real)(declare-const Y_0 Real)"
                + "(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 0))",
            "one.vnnlib");

    try (Verifier verifier =
        LadderVerifier.open(PropertyNetworks.distance(), PropertyNetworks.LIMITS)) {
      assertThatThrownBy(
              () ->
                  PropertyNetworks.answer(
                      verifier, property, PropertyNetworks.effort(0), () -> false))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("one.vnnlib declares 1 inputs X, but the model has 2");
    }
  }

  private static Outcome verify(String assertion, BooleanSupplier expired) {
    ImportedModel model = PropertyNetworks.distance();
    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
      return PropertyNetworks.answer(
          verifier, PropertyNetworks.property(assertion), PropertyNetworks.effort(0), expired);
    }
  }

  /** A model whose neurons cancel, so that boxes do not see that its output is constant. */
  private static byte[] constant(HandWritten file, double output) {
    return file.values("split", new double[] {1, -1, 1, -1}, 1, 4)
        .values("cancel", new double[] {1, 1, -1, -1}, 4, 1)
        .values("bias", new double[] {output}, 1)
        .then("MatMul", List.of("split"))
        .then("Relu", List.of())
        .then("Gemm", List.of("cancel", "bias"))
        .ending(1, 1);
  }

  private static Outcome verify(byte[] file, String assertions) {
    String declared = "(declare-const X_0 Real)(declare-const Y_0 Real)";
    VnnLibProperty property = VnnLib.parse(declared + assertions, "one.vnnlib");
    AtomicInteger asked = new AtomicInteger();
    ImportedModel model = OnnxImport.parse(file, "one.onnx");
    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
      return PropertyNetworks.answer(
          verifier, property, PropertyNetworks.effort(0), () -> asked.incrementAndGet() > 400);
    }
  }
}
