package dev.merlon.config.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightScheduleTest {

  @Test
  void at_betweenItsEpochs_isLinear() {
    var weight = new WeightSchedule(0, 0.5, 2, 4);
    assertThat(weight.at(1, 0)).isZero();
    assertThat(weight.at(2.5, 0)).isCloseTo(0.125, within(1e-15));
    assertThat(weight.at(4, 0)).isEqualTo(0.5);
    assertThat(weight.at(9, 0)).isEqualTo(0.5);
  }

  @Test
  void at_constant_isTheWeightFromTheStart() {
    assertThat(WeightSchedule.constant(0.7).at(0, 0)).isEqualTo(0.7);
  }

  @Test
  void at_byRadius_isLinearInItsShare() {
    var weight = WeightSchedule.byRadius(0, 0.5);
    assertThat(weight.at(9, 0)).isZero();
    assertThat(weight.at(0, 0.25)).isCloseTo(0.125, within(1e-15));
    assertThat(weight.at(0, 1)).isEqualTo(0.5);
  }
}
