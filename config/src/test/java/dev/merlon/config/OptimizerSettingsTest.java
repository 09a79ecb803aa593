package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimizerSettingsTest {

  @Test
  void learningRateAt_decayAfterFourteenAndEighteenEpochs_dropsInTheNextEpoch() {
    var optimizer = Presets.load("mnist-cnn3-ibp-0.1").optimizer();
    assertThat(optimizer.learningRateAt(13)).isEqualTo(5e-4);
    assertThat(optimizer.learningRateAt(14)).isCloseTo(1e-4, within(1e-18));
    assertThat(optimizer.learningRateAt(17)).isCloseTo(1e-4, within(1e-18));
    assertThat(optimizer.learningRateAt(18)).isCloseTo(2e-5, within(1e-18));
  }
}
