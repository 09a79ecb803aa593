package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.RunSettings;
import dev.merlon.model.sample.SampleRun;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  private static final RunSettings SETTINGS =
      SampleRun.settings(
          "objective.robust-weight.start=0",
          "objective.robust-weight.end=0.5",
          "objective.robust-weight.start-epoch=1",
          "objective.robust-weight.end-epoch=3",
          "schedule.ramp=linear");
  private static final Schedules SCHEDULES = Schedules.of(SETTINGS, 4);

  @Test
  void phase_firstStep_isNaturalWithoutRadius() {
    assertThat(SCHEDULES.phase(0)).isEqualTo(new Phase(0, 0, 0, 0, 0.1, true, true, 0, 0.01));
  }

  @Test
  void phase_insideTheRamp_hasItsRadiusAndWeight() {
    Phase phase = SCHEDULES.phase(10);
    assertThat(phase.epoch()).isEqualTo(2);
    assertThat(phase.step()).isEqualTo(2);
    assertThat(phase.eps()).isCloseTo(0.1 * 6 / 8, Offset.offset(1e-15));
    assertThat(phase.robustWeight()).isCloseTo(0.5 * 1.5 / 2, Offset.offset(1e-15));
    assertThat(phase.ramping()).isTrue();
    assertThat(phase.natural()).isFalse();
  }

  @Test
  void phase_afterRampAndDecay_isFinal() {
    Phase phase = SCHEDULES.phase(12);
    assertThat(phase.eps()).isEqualTo(0.1);
    assertThat(phase.ramping()).isFalse();
    assertThat(phase.robustWeight()).isEqualTo(0.5);
    assertThat(phase.learningRate()).isCloseTo(0.002, Offset.offset(1e-15));
    assertThat(SCHEDULES.phase(11).learningRate()).isEqualTo(0.01);
  }

  @Test
  void phase_fractionalEpochs_roundToSteps() {
    RunSettings settings = SampleRun.settings("schedule.start-epoch=1.5", "schedule.end-epoch=2.6");
    Schedules schedules = Schedules.of(settings, 4);
    assertThat(schedules.radius().start()).isEqualTo(6);
    assertThat(schedules.radius().end()).isEqualTo(10);
    assertThat(schedules.phase(5).natural()).isFalse();
    assertThat(schedules.phase(5).eps()).isZero();
  }

  @Test
  void totalSteps_wholeRun_isEpochsTimesSteps() {
    assertThat(SCHEDULES.totalSteps()).isEqualTo(16);
  }

  @Test
  void phase_sameStepTwice_isEqual() {
    assertThat(Schedules.of(SETTINGS, 4).phase(9)).isEqualTo(SCHEDULES.phase(9));
  }
}
