package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.RuntimeSession;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.verify.Predictor;
import dev.merlon.model.verify.property.PropertyAnswer.Word;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import dev.merlon.model.verify.vnnlib.WitnessFile;
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
    assertThat(verify(assertion, () -> false).word()).isEqualTo(Word.UNSAT);
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

    PropertyAnswer answer = verify(assertion, () -> false);

    assertThat(answer.word()).isEqualTo(Word.SAT);
    Witness witness = answer.witness().orElseThrow();
    Witness read = WitnessFile.parse(property, WitnessFile.text(property, witness), "witness");
    assertThat(read.violates(property)).isTrue();
    float[] x = new float[2];
    for (int i = 0; i < x.length; i++) {
      x[i] = read.inputs().get(i).floatValue();
    }
    try (RuntimeSession session = RuntimeSession.open(PropertyNetworks.distance().file(), 1)) {
      float[] y = session.logits(x, 1)[0];
      for (int j = 0; j < y.length; j++) {
        assertThat(read.outputs().get(j).floatValue()).isEqualTo(y[j]);
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

    PropertyAnswer answer = verify(assertion, () -> asked.incrementAndGet() > 100);

    assertThat(answer.word()).isIn(Word.UNKNOWN, Word.TIMEOUT);
    assertThat(answer.witness()).isEmpty();
  }

  @Test
  void verify_noTime_isTimeout() {
    assertThat(verify("(>= Y_0 (+ Y_1 0.05))", () -> true).word()).isEqualTo(Word.TIMEOUT);
  }

  @Test
  void verify_timeUpAtAnyQuestion_isTimeoutAndFreesEverything() {
    int timeouts = 0;
    for (int questions = 0; questions < 40; questions++) {
      AtomicInteger left = new AtomicInteger(questions);

      PropertyAnswer answer =
          verify("(and (>= Y_0 0.6) (<= Y_1 0.55))", () -> left.decrementAndGet() < 0);

      assertThat(answer.word()).isIn(Word.UNSAT, Word.TIMEOUT);
      // Once time is up, hardly anything asks again.
      assertThat(left.get()).isGreaterThan(-5);
      timeouts += answer.word() == Word.TIMEOUT ? 1 : 0;
    }
    assertThat(timeouts).isGreaterThan(5);
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("property verifier", "crown");
  }

  @Test
  void open_fileThatIsAnotherFunction_isRefused() {
    ImportedModel model = PropertyNetworks.distance();
    Predictor other =
        new Predictor() {
          @Override
          public float[][] logits(float[] inputs, int count) {
            return new float[count][2];
          }

          @Override
          public void close() {}
        };

    assertThatThrownBy(() -> PropertyVerifier.open(model.network(), model.values(), other, 0))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("imported graph disagree");
  }

  @Test
  void verify_propertyOfOtherTensors_saysHowManyThereAre() {
    VnnLibProperty property =
        VnnLib.parse(
            "(declare-const X_0 Real)(declare-const Y_0 Real)"
                + "(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 0))",
            "one.vnnlib");

    try (PropertyVerifier verifier =
        PropertyVerifier.open(PropertyNetworks.distance(), PropertyNetworks.LIMITS, 0, 1)) {
      assertThatThrownBy(() -> verifier.verify(property, () -> false))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("one.vnnlib declares 1 inputs X, but the model has 2");
    }
  }

  private static PropertyAnswer verify(String assertion, BooleanSupplier expired) {
    ImportedModel model = PropertyNetworks.distance();
    try (PropertyVerifier verifier = PropertyVerifier.open(model, PropertyNetworks.LIMITS, 0, 1)) {
      return verifier.verify(PropertyNetworks.property(assertion), expired);
    }
  }
}
