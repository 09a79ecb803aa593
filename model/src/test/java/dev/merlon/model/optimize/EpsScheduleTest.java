package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.training.RampKind;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EpsScheduleTest {
  @ParameterizedTest
  @EnumSource
  void at_edges_areZeroAndTheFinalRadius(RampKind kind) {
    EpsSchedule schedule = new EpsSchedule(kind, 0.3, 10, 110);
    assertThat(schedule.at(0)).isZero();
    assertThat(schedule.at(10)).isZero();
    assertThat(schedule.at(11)).isPositive();
    assertThat(schedule.at(109)).isLessThan(0.3);
    assertThat(schedule.at(110)).isEqualTo(0.3);
    assertThat(schedule.at(1_000_000)).isEqualTo(0.3);
  }

  @ParameterizedTest
  @EnumSource
  void at_wholeRamp_growsWithoutLeaps(RampKind kind) {
    EpsSchedule schedule = new EpsSchedule(kind, 0.3, 10, 110);
    for (long step = 10; step < 110; step++) {
      double growth = schedule.at(step + 1) - schedule.at(step);
      assertThat(growth).isBetween(0.0, 2 * 0.3 / 100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void at_noRamp_isFinalAtOnce(RampKind kind) {
    EpsSchedule schedule = new EpsSchedule(kind, 0.3, 5, 5);
    assertThat(schedule.at(4)).isZero();
    assertThat(schedule.at(5)).isEqualTo(0.3);
    assertThat(new EpsSchedule(kind, 0.3, 0, 0).at(0)).isEqualTo(0.3);
  }

  // The smoothed ramp has no quarter to bend in there.
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void at_smoothRampOfFewSteps_isLinear(long length) {
    EpsSchedule schedule = new EpsSchedule(RampKind.SMOOTH, 0.3, 2, 2 + length);
    for (long done = 0; done <= length; done++) {
      assertThat(schedule.at(2 + done)).isCloseTo(0.3 * done / length, Offset.offset(1e-15));
    }
  }

  @ParameterizedTest
  @CsvSource({"4", "5", "7", "8"})
  void at_smoothRampOfSomeSteps_isANumber(long length) {
    EpsSchedule schedule = new EpsSchedule(RampKind.SMOOTH, 0.3, 0, length);
    for (long step = 1; step < length; step++) {
      assertThat(schedule.at(step)).isGreaterThan(0).isLessThan(0.3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isRamping_untilTheFinalRadius_only(RampKind kind) {
    EpsSchedule schedule = new EpsSchedule(kind, 0.3, 10, 110);
    assertThat(schedule.isRamping(0)).isTrue();
    assertThat(schedule.isRamping(109)).isTrue();
    assertThat(schedule.isRamping(110)).isFalse();
  }
}
