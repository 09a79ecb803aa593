package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.training.LearningRateKind;
import dev.merlon.config.training.LearningRateSettings;
import dev.merlon.model.sample.SampleRun;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateScheduleTest {
  private static final LearningRateSettings COSINE =
      new LearningRateSettings(0.1, LearningRateKind.COSINE, 0, List.of(), 1, 0.02);

  @Test
  void at_decayAfterFourteenAndEighteenEpochs_dropsInTheNextEpoch() {
    RunSettings settings = Settings.load("mnist-cnn3-ibp-0.1", List.of());
    RateSchedule rate = RateSchedule.of(settings.optimizer().learningRate(), 3, 20);
    assertThat(rate.at(0)).isEqualTo(5e-4);
    assertThat(rate.at(14 * 3 - 1)).isEqualTo(5e-4);
    assertThat(rate.at(14 * 3)).isCloseTo(1e-4, within(1e-18));
    assertThat(rate.at(18 * 3 - 1)).isCloseTo(1e-4, within(1e-18));
    assertThat(rate.at(18 * 3)).isCloseTo(2e-5, within(1e-18));
  }

  // The closed form of PyTorch's CosineAnnealingLR with T_max = 8, one step of it a step of ours.
  @Test
  void at_cosine_isHalfACosineFromFirstToLast() {
    RateSchedule rate = RateSchedule.of(COSINE, 4, 2);
    double[] expected = {
      0.1, 0.0969551813, 0.0882842712, 0.0753073373, 0.06, 0.0446926627, 0.0317157288, 0.0230448187
    };
    for (int step = 0; step < expected.length; step++) {
      assertThat(rate.at(step)).as("step %d", step).isCloseTo(expected[step], within(1e-10));
    }
    assertThat(rate.at(8)).isCloseTo(0.02, within(1e-15));
  }

  @Test
  void at_warmUp_growsLinearlyToTheFullRateAndLeavesTheCosineItsRest() {
    LearningRateSettings warm =
        new LearningRateSettings(0.1, LearningRateKind.COSINE, 1.5, List.of(), 1, 0);
    RateSchedule rate = RateSchedule.of(warm, 4, 3);
    for (int step = 0; step < 6; step++) {
      assertThat(rate.at(step)).isCloseTo(0.1 * (step + 1) / 6, within(1e-15));
    }
    assertThat(rate.at(6)).isEqualTo(0.1);
    assertThat(rate.at(9)).isCloseTo(0.05, within(1e-15));
  }

  @Test
  void at_warmUpBeforeSteps_scalesTheStepwiseRate() {
    RunSettings settings =
        SampleRun.settings("optimizer.warm-up-epochs=2", "optimizer.decay-epochs=[1,2]");
    Schedules schedules = Schedules.of(settings, 4);
    assertThat(schedules.phase(3).learningRate()).isCloseTo(0.01 / 2, within(1e-15));
    assertThat(schedules.phase(7).learningRate()).isCloseTo(0.01 * 0.2, within(1e-15));
    assertThat(schedules.phase(8).learningRate()).isCloseTo(0.01 * 0.04, within(1e-15));
  }
}
