package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Robust objectives against the balls of every norm. */
class LearnerNormTest {
  private static final int STEPS = 16;
  private static final double ROUNDING = 1e-9;

  static Stream<Arguments> objectives() {
    return Norms.ALL.stream()
        .flatMap(norm -> Stream.of("pgd", "ibp", "sabr").map(kind -> Arguments.of(kind, norm)));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void steps_anyNorm_lowerTheRobustLoss(String kind, Norm norm) {
    try (LearnerFixture run = run(kind, norm)) {
      // The radius is final from epoch 3 on: later batches are judged by the same objective.
      double before = robustLoss(run);
      run.steps(0, STEPS);
      assertThat(robustLoss(run)).isLessThan(0.8 * before);
    }
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void search_anyNorm_findsPointsOfItsBall(String kind, Norm norm) {
    try (LearnerFixture run = run(kind, norm);
        AttackedStep step = run.search(STEPS)) {
      AttackedBatch batch = step.parts().get(0);
      assertThat(batch.plan().attacks()).hasSize(kind.equals("ibp") ? 0 : 1);
      for (int attack = 0; attack < batch.points().size(); attack++) {
        NormBall set = batch.plan().attacks().get(attack).set();
        assertThat(set.norm()).isEqualTo(norm);
        double[] lengths = lengths(norm, batch.points().get(attack).sub(batch.x()));
        assertThat(Arrays.stream(lengths).max().orElseThrow())
            .isBetween(0.5 * set.eps(), set.eps() + ROUNDING);
      }
    }
  }

  private static LearnerFixture run(String kind, Norm norm) {
    return LearnerFixture.of(
        "objective.kind=" + kind,
        "schedule.norm=" + norm.name(),
        "schedule.eps-train=0.05",
        kind.equals("sabr") ? "objective.region=paper" : "optimizer.l1=0");
  }

  private static double robustLoss(LearnerFixture run) {
    StepLosses losses = run.forward(STEPS);
    run.learner().abandon();
    assertThat(losses.isFinite()).isTrue();
    return losses.robust();
  }

  private static double[] lengths(Norm norm, NDArray changes) {
    double[] flat = HostTensor.copyOf(changes).toDoubles();
    int width = flat.length / Math.toIntExact(changes.getShape().get(0));
    return IntStream.range(0, flat.length / width)
        .mapToDouble(n -> norm.measure(Arrays.copyOfRange(flat, n * width, (n + 1) * width)))
        .toArray();
  }
}
