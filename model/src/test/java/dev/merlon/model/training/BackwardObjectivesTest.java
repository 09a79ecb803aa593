package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of the objectives that bound by backward passes. */
class BackwardObjectivesTest {
  private static final int STEPS = 16;

  // Of the natural epoch, of the ramp and at the final radius.
  private static final long[] PHASES = {0, 6, 14};

  /** An objective in one of its forms. */
  enum Form {
    CROWN_IBP("objective.kind=crown-ibp"),
    CROWN_IBP_KAPPA(
        "objective.kind=crown-ibp",
        "objective.crown-share.end=0.5",
        "objective.robust-weight.by=radius",
        "objective.robust-weight.start=0",
        "objective.robust-weight.end=0.6"),
    EVERY_LAYER(
        "objective.kind=crown-ibp",
        "objective.crown-share.end=1",
        "objective.concretise=every-layer"),
    LOSS_FUSION(
        "objective.kind=crown-ibp", "objective.crown-share.end=0.7", "objective.loss-fusion=true"),
    CROWN("objective.kind=crown");

    private final String changes;

    Form(String... changes) {
      this.changes = String.join(" ", changes);
    }

    LearnerFixture run(String... more) {
      List<String> all = new ArrayList<>(List.of(changes.split(" ")));
      all.addAll(List.of(more));
      return LearnerFixture.of(all.toArray(String[]::new));
    }
  }

  static Stream<Arguments> formsAndNorms() {
    return Stream.of(Form.values())
        .flatMap(form -> Norms.ALL.stream().map(norm -> Arguments.of(form, norm)));
  }

  @AfterEach
  void nothingLeft() {
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("learner", "batch", "step", "weights", "adam", "crown", "fused loss");
  }

  @ParameterizedTest
  @MethodSource("formsAndNorms")
  void steps_anyNorm_lowerTheRobustLoss(Form form, Norm norm) {
    try (LearnerFixture run =
        form.run("schedule.norm=" + norm.name(), "schedule.eps-train=0.05", "optimizer.l1=0")) {
      double before = robustLoss(run);
      run.steps(STEPS / 2, STEPS);
      assertThat(robustLoss(run)).isLessThan(0.8 * before);
    }
  }

  private static double robustLoss(LearnerFixture run) {
    StepLosses losses = run.forward(STEPS);
    run.learner().abandon();
    assertThat(losses.isFinite()).isTrue();
    assertThat(losses.certified()).isBetween(0, losses.correct());
    return losses.robust();
  }

  @ParameterizedTest
  @EnumSource
  void steps_twoLearners_endInEqualBits(Form form) {
    for (String precision : List.of("float32", "float64")) {
      String type = "device.precision=" + precision;
      try (LearnerFixture one = form.run(type);
          LearnerFixture two = form.run(type)) {
        one.steps(6, 8);
        two.steps(6, 8);
        assertThat(two.learner().state()).isEqualTo(one.learner().state());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void steps_everyPhase_leaveTheTensorsTheyFound(Form form) {
    try (LearnerFixture run = form.run()) {
      Map<String, Integer> before = NativeMemory.liveTensors();
      for (long step : PHASES) {
        run.step(step);
        assertThat(NativeMemory.liveTensors()).as("after step %d", step).isEqualTo(before);
      }
    }
  }

  // Without batch norm nothing but the regulariser looks at a batch as a whole.
  @ParameterizedTest
  @EnumSource
  void steps_microBatches_equalThoseOfTheWholeBatchToRounding(Form form) {
    String[] plain = {"network.batch-norm=false", "regulariser.weight=0"};
    String[] cut = {plain[0], plain[1], "optimizer.accumulate=4"};
    try (LearnerFixture whole = form.run(plain);
        LearnerFixture parts = form.run(cut)) {
      for (long step : PHASES) {
        StepLosses expected = whole.forward(step);
        StepLosses losses = parts.forward(step);
        Offset<Double> rounding = Offset.offset(1e-9);
        assertThat(losses.total()).isCloseTo(expected.total(), rounding);
        assertThat(losses.certified()).isEqualTo(expected.certified());
        whole.learner().backward();
        parts.learner().backward();
        double norm = whole.learner().update(whole.phase(step)).gradientNorm();
        assertThat(parts.learner().update(parts.phase(step)).gradientNorm())
            .isCloseTo(norm, rounding);
      }
    }
  }

  // On the same weights: backward bounds on the way to the final radius are nearer to the truth.
  @ParameterizedTest
  @EnumSource(names = {"EVERY_LAYER", "CROWN"})
  void forward_sameWeights_lossIsBelowThatOfIntervals(Form form) {
    try (LearnerFixture interval = LearnerFixture.of("objective.kind=ibp");
        LearnerFixture backward = form.run()) {
      interval.steps(4, 8);
      backward.learner().restore(interval.learner().state());
      double loss = robustLoss(interval);
      assertThat(SampleRun.phase(interval.settings(), STEPS).eps()).isPositive();
      assertThat(robustLoss(backward)).isLessThan(loss);
    }
  }
}
