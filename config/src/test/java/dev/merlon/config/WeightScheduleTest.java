package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightScheduleTest {

  @Test
  void at_betweenItsEpochs_isLinear() {
    var weight = new WeightSchedule(0, 0.5, 2, 4);
    assertThat(weight.at(1)).isZero();
    assertThat(weight.at(2.5)).isCloseTo(0.125, within(1e-15));
    assertThat(weight.at(4)).isEqualTo(0.5);
    assertThat(weight.at(9)).isEqualTo(0.5);
  }

  @Test
  void at_constant_isTheWeightFromTheStart() {
    assertThat(WeightSchedule.constant(0.7).at(0)).isEqualTo(0.7);
  }
}
