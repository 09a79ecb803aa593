package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.Format;
import dev.merlon.model.verify.vnnlib.Numbers;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties are about what the file gives, whatever operator it ends in. */
class SoftmaxAnswersTest {
  private static final int CASES = 30;
  private static final int GRID = 40;
  private static final int OUTPUTS = 3;

  @ParameterizedTest
  @CsvSource({"Softmax,false", "Softmax,true", "LogSoftmax,false", "LogSoftmax,true"})
  void verify_randomProperties_contradictsNoPointOfAGrid(String ending, boolean wide) {
    int unsat = 0;
    int sat = 0;
    for (int n = 0; n < CASES; n++) {
      RandomGenerator random = CounterRandom.of(11, 0, n, CounterRandom.Role.EVALUATION);
      byte[] file = file(random, ending, wide);
      VnnLibProperty property = property(random, ending, n);
      Outcome answer = answer(file, property);
      if (answer.kind() == Outcome.Kind.CERTIFIED) {
        unsat++;
        assertThat(reached(file, property, wide)).as("case %d of a %s", n, ending).isFalse();
      } else if (answer.kind() == Outcome.Kind.FALSIFIED) {
        sat++;
        assertReplays(file, answer.witness().orElseThrow(), property, wide);
      }
    }
    assertThat(unsat).isGreaterThan(3);
    assertThat(sat).isGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(>= Y_0 1.5)", "(<= Y_0 -0.1)", "(>= (+ Y_0 Y_1) 1.7)"})
  void verify_numbersThatNoSoftmaxGives_isUnsat(String assertion) {
    RandomGenerator random = CounterRandom.of(12, 0, 0, CounterRandom.Role.EVALUATION);

    Outcome answer =
        answer(file(random, "Softmax", false), PropertyNetworks.property(OUTPUTS, assertion));

    assertThat(answer.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
  }

  @Test
  void verify_probabilityThatItsLogitsNeverReach_isSatWithWhatTheFileGives() {
    // Logits x and 2x in [0,1] and [0,2]: the first is never below 0, its share may be below 0.3.
    byte[] file =
        HandWritten.of(-1, 2)
            .values("w", new double[] {1, 2, 0, 0, 0, 0}, 2, 3)
            .then("MatMul", List.of("w"))
            .then("Softmax", List.of())
            .ending(-1, OUTPUTS);
    VnnLibProperty property = PropertyNetworks.property(OUTPUTS, "(<= Y_0 0.3)");

    Outcome answer = answer(file, property);

    assertThat(answer.kind()).isEqualTo(Outcome.Kind.FALSIFIED);
    Witness witness = answer.witness().orElseThrow();
    assertThat(witness.outputs().stream().mapToDouble(BigDecimal::doubleValue).sum())
        .isBetween(0.999, 1.001);
    assertReplays(file, witness, property, false);
  }

  private static Outcome answer(byte[] file, VnnLibProperty property) {
    ImportedModel model = OnnxImport.parse(file, "small.onnx");
    AtomicInteger asked = new AtomicInteger();
    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
      return PropertyNetworks.answer(
          verifier, property, PropertyNetworks.effort(5), () -> asked.incrementAndGet() > 400);
    }
  }

  private static byte[] file(RandomGenerator random, String ending, boolean wide) {
    HandWritten file = wide ? HandWritten.wide(-1, 2) : HandWritten.of(-1, 2);
    return file.values("w", gaussian(random, 12), 2, 6)
        .values("b", gaussian(random, 6), 6)
        .values("v", gaussian(random, 18), 6, OUTPUTS)
        .then("MatMul", List.of("w"))
        .then("Add", List.of("b"))
        .then("Relu", List.of())
        .then("MatMul", List.of("v"))
        .then(ending, List.of())
        .ending(-1, OUTPUTS);
  }

  private static double[] gaussian(RandomGenerator random, int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> (float) random.nextGaussian());
    return values;
  }

  private static VnnLibProperty property(RandomGenerator random, String ending, int kind) {
    boolean logarithm = ending.equals("LogSoftmax");
    double share = 0.02 + 0.96 * random.nextDouble();
    double level = logarithm ? Math.log(share) : share;
    double factor = random.nextGaussian();
    String assertion =
        switch (kind % 6) {
          case 0 -> text("(>= Y_0 %.6f)", level);
          case 1 -> text("(<= Y_1 %.6f)", level);
          case 2 -> text("(and (<= Y_0 %.6f) (>= Y_2 %.6f))", level, level);
          case 3 -> text("(>= (+ (* %.6f Y_0) Y_1) %.6f)", factor, level);
          case 4 -> "(>= Y_2 Y_0)";
          default -> text("(>= Y_1 (+ Y_0 %.6f))", share);
        };
    return PropertyNetworks.property(OUTPUTS, assertion);
  }

  private static String text(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }

  /** The witness has what the file gives for its input, and meets the property by that. */
  private static void assertReplays(
      byte[] file, Witness witness, VnnLibProperty property, boolean wide) {
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      assertThat(read(witness.outputs(), wide))
          .isEqualTo(session.outputs(read(witness.inputs(), wide), 1)[0]);
    }
    assertThat(witness.violates(property)).isTrue();
  }

  private static double[] read(List<BigDecimal> decimals, boolean wide) {
    return decimals.stream()
        .mapToDouble(one -> wide ? one.doubleValue() : one.floatValue())
        .toArray();
  }

  private static boolean reached(byte[] file, VnnLibProperty property, boolean wide) {
    Format format = wide ? Format.FLOAT64 : Format.FLOAT32;
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      for (int i = 0; i <= GRID; i++) {
        for (int j = 0; j <= GRID; j++) {
          Numbers x = new Numbers(format, (float) i / GRID, (float) j / GRID);
          Numbers y = new Numbers(format, session.outputs(x.values(), 1)[0]);
          if (Witness.of(property, x, y).isPresent()) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
