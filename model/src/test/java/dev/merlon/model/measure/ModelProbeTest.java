package dev.merlon.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.tensor.NativeMemory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelProbeTest {
  private static final ThreatSpec SMALL = new ThreatSpec("linf", 0.1);
  private static final ThreatSpec LARGE = new ThreatSpec("linf", 0.45);

  @AfterEach
  void everyScopeIsClosed() {
    assertThat(NativeMemory.openScopes()).doesNotContainKey("probe");
  }

  // With x = 128/255 the hidden values x - 1, x - 0.5 and x are dead, unstable and active over the
  // ball of 0.1. The margin x - relu(x - 0.5) / 2 is smallest at x - 0.1, which CROWN-IBP sees;
  // boxes
  // subtract the largest relu as well.
  @Test
  void measure_networkOfKnownRobustness_findsItsMarginsAndStates() {
    ModelMeasure measure =
        new ModelProbe(GreyModels.images(128, 128), List.of(SMALL))
            .measure(GreyModels.shallow(), () -> true)
            .orElseThrow();
    double x = 128 / 255.0;
    ThreatMeasure under = measure.threat(SMALL).orElseThrow();

    assertThat(measure.correct()).isEqualTo(2);
    assertThat(under.surviving()).isEqualTo(2);
    assertThat(under.margins().clean()).isCloseTo(x - 0.5 * (x - 0.5), within(1e-6));
    assertThat(under.margins().attacked()).isCloseTo(x - 0.1, within(1e-6));
    assertThat(under.margins().crownIbp()).isBetween(x - 0.11, x - 0.1 + 1e-9);
    assertThat(under.margins().ibp()).isCloseTo(x - 0.1 - 0.5 * (x + 0.1 - 0.5), within(1e-6));
    ReluShare relu = under.relus().get(0);
    assertThat(relu.layer()).isEqualTo("relu");
    assertThat(List.of(relu.dead(), relu.unstable(), relu.active()))
        .allSatisfy(share -> assertThat(share).isCloseTo(1 / 3.0, within(1e-9)));
  }

  @Test
  void measure_largerBall_provesNoMoreThanSurvives() {
    ModelMeasure measure =
        new ModelProbe(GreyModels.images(20, 128, 230), List.of(SMALL, LARGE))
            .measure(GreyModels.shallow(), () -> true)
            .orElseThrow();
    for (ThreatMeasure under : measure.threats()) {
      assertThat(under.ibp()).isLessThanOrEqualTo(under.crownIbp());
      assertThat(under.crownIbp()).isLessThanOrEqualTo(under.surviving());
      assertThat(under.surviving()).isLessThanOrEqualTo(measure.correct());
      assertThat(under.margins().ibpGap()).isGreaterThanOrEqualTo(under.margins().crownIbpGap());
    }
    assertThat(measure.threat(LARGE).orElseThrow().ibp())
        .isLessThan(measure.threat(SMALL).orElseThrow().ibp());
  }

  @Test
  void measure_toldToStopBetweenBatches_givesNothing() {
    AtomicInteger asked = new AtomicInteger();
    int[] levels = new int[200];
    Arrays.fill(levels, 128);

    var measure =
        new ModelProbe(GreyModels.images(levels), List.of(SMALL))
            .measure(GreyModels.shallow(), () -> asked.incrementAndGet() < 2);

    assertThat(measure).isEmpty();
    assertThat(asked).hasValue(2);
  }

  @Test
  void measure_again_isTheSameToTheBitAndSurvivesWriting() {
    ModelProbe probe = new ModelProbe(GreyModels.images(20, 128, 230), List.of(SMALL, LARGE));
    ModelMeasure measure = probe.measure(GreyModels.shallow(), () -> true).orElseThrow();

    assertThat(probe.measure(GreyModels.shallow(), () -> true).orElseThrow()).isEqualTo(measure);
    assertThat(MeasureLine.read(MeasureLine.write(measure))).isEqualTo(measure);
  }
}
