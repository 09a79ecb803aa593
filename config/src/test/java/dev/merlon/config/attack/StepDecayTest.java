package dev.merlon.config.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepDecayTest {

  @Test
  void scale_everyTen_shrinksAfterTenAndTwentyUpdates() {
    var decay = new StepDecay(0.2, 10, List.of());
    assertThat(decay.scale(9, 30)).isEqualTo(1);
    assertThat(decay.scale(10, 30)).isCloseTo(0.2, within(1e-15));
    assertThat(decay.scale(20, 30)).isCloseTo(0.04, within(1e-15));
  }

  @Test
  void scale_sabrFractionsOfEightSteps_shrinksAtFourSevenEight() {
    var decay = new StepDecay(0.1, 0, List.of(0.5, 0.8, 0.9));
    assertThat(decay.scale(3, 8)).isEqualTo(1);
    assertThat(decay.scale(4, 8)).isCloseTo(0.1, within(1e-15));
    assertThat(decay.scale(6, 8)).isCloseTo(0.1, within(1e-15));
    assertThat(decay.scale(7, 8)).isCloseTo(0.01, within(1e-15));
    assertThat(decay.scale(8, 8)).isCloseTo(0.001, within(1e-15));
  }

  @Test
  void scale_none_staysOne() {
    assertThat(StepDecay.none().scale(99, 100)).isEqualTo(1);
  }
}
