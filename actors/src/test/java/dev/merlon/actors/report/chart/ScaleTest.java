package dev.merlon.actors.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void linear_around_beginsAndEndsAtRoundTicks() {
    LinearScale scale = LinearScale.around(0.853, 0.968, 5, LinearScale.Unit.PERCENT);

    assertThat(labels(scale)).first().isEqualTo("85.0%");
    assertThat(labels(scale)).last().isEqualTo("97.5%");
    assertThat(scale.at(0.853)).isBetween(0.0, 1.0);
  }

  @Test
  void linear_equalValues_haveRoomAround() {
    LinearScale scale = LinearScale.around(3, 3, 5, LinearScale.Unit.NUMBER);

    assertThat(scale.at(3)).isBetween(0.2, 0.8);
  }

  @Test
  void linear_wholeSteps_areNotDivided() {
    Scale scale = LinearScale.exactly(1, 3, 7, 1, LinearScale.Unit.NUMBER);

    assertThat(labels(scale)).containsExactly("1", "2", "3");
  }

  @Test
  void linear_smallNumbers_areWrittenShort() {
    Scale scale = LinearScale.around(0, 5e-4, 5, LinearScale.Unit.NUMBER);

    assertThat(labels(scale)).containsExactly("0", "1e-4", "2e-4", "3e-4", "4e-4", "5e-4");
  }

  @Test
  void linear_belowZero_keepsItsSign() {
    Scale scale = LinearScale.around(-1.15, 4.9, 4, LinearScale.Unit.NUMBER);

    assertThat(labels(scale)).containsExactly("-2", "0", "2", "4", "6");
  }

  @Test
  void log_around_hasPowersOfTen() {
    Scale scale = LogScale.around(0.2, 48);

    assertThat(labels(scale)).containsExactly("0.1", "1", "10", "100");
    assertThat(scale.at(1)).isCloseTo(1 / 3.0, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void log_manyDecades_leavesTicksOut() {
    assertThat(LogScale.around(1e-3, 1e12).ticks()).hasSizeLessThanOrEqualTo(8);
  }

  private static List<String> labels(Scale scale) {
    return scale.ticks().stream().map(scale::label).toList();
  }
}
