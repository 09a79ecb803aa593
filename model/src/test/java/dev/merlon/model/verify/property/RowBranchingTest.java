package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Outcome.Kind;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More inputs than are split. Output {@code relu(m + 0.5) - relu(m)} of their mean {@code m} in
 * {@code [-1,1]} lies in {@code [0,0.5]}; without splits it is bounded by 0.75.
 */
class RowBranchingTest {
  private static final int INPUTS = 24;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(>= Y_0 0.6)",
        "(>= (* 3 Y_0) 1.8)",
        "(>= (* 0.1 Y_0) 0.06)",
        "(>= (+ Y_0 X_0) 1.6)",
        "(and (>= Y_0 0) (>= Y_0 0.6))",
        "(or (>= Y_0 0.6) (and (<= X_3 0.5) (>= Y_0 0.7)))",
      })
  void verify_outputCannotReachTheThreshold_isUnsatByBranchAndBound(String assertion) {
    Outcome answer = verify(assertion);

    assertThat(answer.kind()).isEqualTo(Kind.CERTIFIED);
    assertThat(answer.reason()).contains("every region is excluded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(>= Y_0 0.49)", "(>= (+ Y_0 X_0) 1.49)", "(and (>= Y_0 0.1) (>= (* 3 Y_0) 1.4))"})
  void verify_outputReachesTheThreshold_isSat(String assertion) {
    assertThat(verify(assertion).kind()).isEqualTo(Kind.FALSIFIED);
  }

  // Nothing but branch and bound tells these apart: the search misses what is met at no point that
  // it can write down, and bounds without splits exclude neither.
  @Test
  void verify_outputMeetsTheThresholdExactly_isNotUnsat() {
    assertThat(verify("(>= Y_0 0.5)").kind()).isNotEqualTo(Kind.CERTIFIED);
  }

  private static Outcome verify(String assertion) {
    StringBuilder text = new StringBuilder("(declare-const Y_0 Real)\n");
    for (int i = 0; i < INPUTS; i++) {
      text.append("(declare-const X_").append(i).append(" Real)\n");
      text.append("(assert (>= X_").append(i).append(" -1))(assert (<= X_").append(i);
      text.append(" 1))\n");
    }
    text.append("(assert ").append(assertion).append(")\n");
    VnnLibProperty property = VnnLib.parse(text.toString(), "many.vnnlib");
    AtomicInteger asked = new AtomicInteger();
    ImportedModel model = OnnxImport.parse(file(), "many.onnx");
    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
      return PropertyNetworks.answer(
          verifier, property, PropertyNetworks.effort(0), () -> asked.incrementAndGet() > 3000);
    }
  }

  private static byte[] file() {
    double[] means = new double[2 * INPUTS];
    Arrays.fill(means, 1.0 / INPUTS);
    return HandWritten.of(1, INPUTS)
        .values("means", means, INPUTS, 2)
        .values("before", new double[] {0.5, 0}, 2)
        .values("difference", new double[] {1, -1}, 2, 1)
        .then("MatMul", List.of("means"))
        .then("Add", List.of("before"))
        .then("Relu", List.of())
        .then("MatMul", List.of("difference"))
        .ending(1, 1);
  }
}
