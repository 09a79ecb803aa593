package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShrunkScheduleTest {
  static Stream<String> presets() {
    return Presets.list().stream().map(Presets.Preset::name);
  }

  @ParameterizedTest
  @MethodSource("presets")
  void load_presetWithFewerEpochs_loadsOrOffersWhatLoads(String preset) {
    for (int epochs = 1; epochs < Presets.load(preset).epochs(); epochs += 1 + epochs / 2) {
      List<String> wanted = List.of("epochs=" + epochs);
      ScheduleTooLong refused =
          catchThrowableOfType(ScheduleTooLong.class, () -> Settings.load(preset, wanted));
      List<String> fitting = refused == null ? wanted : refused.fitting();

      assertThat(Settings.load(preset, fitting).epochs()).isEqualTo(epochs);
      assertThat(fitting).startsWith("epochs=" + epochs);
    }
  }

  @Test
  void load_fewerEpochs_shrinksEveryEpochOfTheScheduleByOneFactor() {
    ScheduleTooLong refused =
        catchThrowableOfType(
            ScheduleTooLong.class,
            () ->
                Settings.load(
                    "mnist-cnn3-ibp-0.1", List.of("averaging.from-epoch=2", "seed=3", "epochs=5")));

    assertThat(refused.fitting())
        .containsExactly(
            "averaging.from-epoch=2",
            "seed=3",
            "epochs=5",
            "schedule.end-epoch=1.5",
            "optimizer.decay-epochs=4");
  }

  @Test
  void load_scheduleOfOnesOwnThatStaysTooLong_namesItAlone() {
    assertThatThrownBy(
            () -> Settings.load("mnist-cnn3-ibp-0.1", List.of("epochs=3", "schedule.end-epoch=4")))
        .isNotInstanceOf(ScheduleTooLong.class)
        .hasMessageContaining("schedule.end-epoch is 4 but epochs is 3");
  }
}
