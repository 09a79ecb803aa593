package dev.merlon.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.tensor.NativeMemory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorstCaseProbeTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final ThreatSpec SMALL = new ThreatSpec("linf", 0.1);

  @AfterEach
  void everyScopeIsClosed() {
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("worst case", "exact margins");
  }

  // The margin x - relu(x - 0.5) / 2 is smallest at x - 0.1. Boxes subtract relu(x - 0.4) / 2 as
  // well; SABR's box around x - 0.06 ends below 0.5 and subtracts nothing.
  @Test
  void of_networkOfKnownRobustness_findsItAndTheErrors() {
    double x = 128 / 255.0;
    var probe = new WorstCaseProbe(GreyModels.shallow(), GreyModels.images(20, 128), SMALL);
    WorstCase worst = probe.of(1, LIMIT);

    assertThat(worst.index()).isEqualTo(1);
    assertThat(worst.proved()).isTrue();
    assertThat(worst.upper()).isCloseTo(x - 0.1, within(1e-6));
    assertThat(worst.lower()).isCloseTo(x - 0.1, within(1e-6));
    assertThat(worst.error(Approximation.PGD).orElseThrow()).isCloseTo(0, within(1e-6));
    assertThat(worst.error(Approximation.SABR).orElseThrow()).isCloseTo(0, within(1e-6));
    assertThat(worst.error(Approximation.IBP).orElseThrow())
        .isCloseTo(0.5 * (x - 0.4), within(1e-6));
    assertThat(worst.error(Approximation.TAPS)).isEmpty();
  }

  @Test
  void of_deeperNetworks_everyErrorIsOnItsSide() {
    int above = 0;
    for (int seed = 0; seed < 6; seed++) {
      var probe = new WorstCaseProbe(GreyModels.deep(seed), GreyModels.images(90, 128, 170), SMALL);
      for (int index = 0; index < 3; index++) {
        WorstCase worst = probe.of(index, LIMIT);
        assertThat(worst.proved()).isTrue();
        assertThat(worst.approximations()).containsOnlyKeys(Approximation.values());
        assertThat(worst.error(Approximation.PGD).orElseThrow()).isLessThan(1e-5);
        assertThat(worst.error(Approximation.CROWN_IBP).orElseThrow()).isGreaterThan(-1e-5);
        assertThat(worst.error(Approximation.IBP).orElseThrow()).isGreaterThan(-1e-5);
        double ibp = worst.ordered().get(Approximation.IBP);
        assertThat(worst.ordered().get(Approximation.TAPS)).isGreaterThan(ibp - 1e-6);
        assertThat(worst.ordered().get(Approximation.SABR)).isGreaterThan(ibp - 1e-6);
        above += worst.error(Approximation.IBP).orElseThrow() > 1e-4 ? 1 : 0;
      }
    }
    assertThat(above).isPositive();
  }

  @Test
  void of_again_isTheSameToTheBitAndSurvivesWriting() {
    var probe = new WorstCaseProbe(GreyModels.deep(3), GreyModels.images(128), SMALL);
    WorstCase worst = probe.of(0, LIMIT);

    assertThat(probe.of(0, LIMIT)).isEqualTo(worst);
    assertThat(WorstCaseLine.read(WorstCaseLine.write(worst))).isEqualTo(worst);
  }

  @Test
  void line_unsolvedImage_keepsThatNothingWasReached() {
    WorstCase open =
        new WorstCase(
            "model",
            WorstCaseProbe.basis(),
            "data",
            7,
            SMALL,
            -1.5,
            Double.POSITIVE_INFINITY,
            false,
            Map.of(Approximation.IBP, -2.0));

    assertThat(WorstCaseLine.read(WorstCaseLine.write(open))).isEqualTo(open);
    assertThat(open.error(Approximation.IBP)).isEmpty();
    assertThatThrownBy(() -> WorstCaseLine.read("{}"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("Not the worst case of an image");
  }

  @Test
  void probe_ballThatIsNotLinear_refused() {
    ThreatSpec ball = new ThreatSpec("l2", 0.1);

    assertThatThrownBy(() -> new WorstCaseProbe(GreyModels.shallow(), GreyModels.images(128), ball))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("l2");
  }
}
