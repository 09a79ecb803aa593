package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of TAPS, STAPS and the losses between adversarial and interval losses. */
class LearnerSearchedTest {
  private static final List<String> KINDS =
      List.of("taps", "staps", "mtl-ibp", "cc-ibp", "exp-ibp");

  /** Of the first epoch whose radius is final. */
  private static final long FINAL = 12;

  static Stream<String> kinds() {
    return KINDS.stream();
  }

  static Stream<Arguments> norms() {
    return kinds().flatMap(kind -> Norms.ALL.stream().map(norm -> Arguments.of(kind, norm)));
  }

  static Stream<String> forms() {
    return Stream.of(
        "estimator=single",
        "combination=product-per-sample",
        "combination=latent",
        "gradient-scale=paper",
        "connector=binary",
        "connector=linear",
        "weight=0",
        "relu-shrinkage=0.8");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void steps_bothPrecisions_learnAndLeaveNoTensors(String kind) {
    for (String precision : List.of("float32", "float64")) {
      try (LearnerFixture run =
          LearnerFixture.of(
              "objective.kind=" + kind,
              "device.precision=" + precision,
              "objective.robust-weight.end=0.7")) {
        Map<String, Integer> before = NativeMemory.liveTensors();
        double first = run.forward(FINAL).robust();
        run.learner().abandon();
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        for (long step = 0; step < FINAL + 4; step++) {
          run.step(step);
          assertThat(NativeMemory.liveTensors()).as("after step %d", step).isEqualTo(before);
        }
        StepLosses last = run.forward(FINAL);
        assertThat(last.robust()).isLessThan(0.8 * first);
        assertThat(last.total())
            .isCloseTo(0.3 * last.natural() + 0.7 * last.robust(), Offset.offset(1e-5));
        assertThat(last.certified()).isLessThanOrEqualTo(last.correct());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void steps_twoLearnersAndOneResumed_endInEqualBits(String kind) {
    String[] changes = {"objective.kind=" + kind, "optimizer.accumulate=2"};
    try (LearnerFixture one = LearnerFixture.of(changes);
        LearnerFixture two = LearnerFixture.of(changes)) {
      one.steps(0, 13);
      two.learner().restore(one.learner().state());
      two.forward(13);
      two.learner().abandon();
      one.steps(13, 16);
      two.steps(13, 16);
      assertThat(two.learner().state()).isEqualTo(one.learner().state());
    }
  }

  @ParameterizedTest
  @MethodSource("norms")
  void forward_everyNorm_isFinite(String kind, Norm norm) {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=" + kind,
            kind.equals("staps") ? "objective.region=paper" : "optimizer.l1=0",
            "schedule.norm=" + norm.name(),
            "schedule.eps-train=0.05")) {
      StepLosses losses = run.forward(FINAL);
      assertThat(losses.isFinite()).isTrue();
      assertThat(losses.robust()).isGreaterThan(0);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void step_everyFormOfTaps_movesTheWeights(String form) {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=taps", "objective.taps." + form)) {
      assertThat(run.step(FINAL).gradientNorm()).isPositive().isFinite();
    }
  }

  @Test
  void forward_otherStep_searchesFromElsewhere() {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=taps",
            "objective.taps.attack.steps=1",
            "objective.taps.attack.restarts=1",
            "objective.taps.attack.step-size=0.01")) {
      double one = robust(run, FINAL, FINAL);
      assertThat(robust(run, FINAL, FINAL)).isEqualTo(one);
      assertThat(robust(run, FINAL, FINAL + 1)).isNotEqualTo(one);
    }
  }

  // The batch of one step with the phase of another.
  private static double robust(LearnerFixture run, long batch, long phase) {
    AttackedStep found = run.learner().search(SampleRun.batch(batch, 6), run.phase(phase));
    StepLosses losses = run.learner().forward(found, run.phase(phase));
    run.learner().abandon();
    return losses.robust();
  }

  // The loss at points is between the clean one and the interval one.
  @Test
  void forward_taps_liesBelowTheIntervalLoss() {
    try (LearnerFixture latent =
            LearnerFixture.of("objective.kind=taps", "objective.taps.combination=latent");
        LearnerFixture interval = LearnerFixture.of("objective.kind=ibp")) {
      StepLosses points = latent.forward(FINAL);
      StepLosses bounds = interval.forward(FINAL);
      assertThat(points.natural()).isEqualTo(bounds.natural());
      assertThat(points.robust()).isBetween(points.natural(), bounds.robust());
      assertThat(points.certified()).isEqualTo(bounds.certified());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"taps", "staps"})
  void create_networkWithTooFewRectifiers_isRefused(String kind) {
    assertThatThrownBy(() -> LearnerFixture.of("objective.kind=" + kind, "objective.taps.relus=2"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.taps.relus is 2");
  }
}
