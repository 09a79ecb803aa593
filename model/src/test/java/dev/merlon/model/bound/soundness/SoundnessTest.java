package dev.merlon.model.bound.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.Norms;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No point outside any bound. {@code MERLON_SOUNDNESS_CASES} sets the number of cases for each norm
 * and kind of bounds; the figures are printed.
 */
class SoundnessTest {
  private static final int SAMPLES = 5;
  private static final int CASES =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_SOUNDNESS_CASES")).orElse("6"));
  private static final long POINTS = 100_000;
  private static final double SHARE = 0.2;

  static Stream<Norm> norms() {
    return Norms.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("norms")
  void bounds_randomNetworks_holdAtEveryPoint(Norm norm) {
    SoundnessReport all = SoundnessReport.empty();
    long first = 0;
    for (ProductionBounds bounds : ProductionBounds.values()) {
      // Branch and bound takes many times as long.
      int cases = bounds == ProductionBounds.BRANCH_AND_BOUND ? (CASES + 4) / 5 : CASES;
      SoundnessReport report =
          SoundnessSuite.run(bounds, SoundnessSuite.cases(norm, first, first + cases, SAMPLES));
      System.out.println("Soundness " + norm.name() + " " + bounds + ": " + report.summary());
      if (cases == CASES) {
        assertThat(report.nearLimit()).as(bounds.name()).isPositive();
      }
      all = all.plus(report);
      first += cases;
    }
    System.out.println("Soundness " + norm.name() + ": " + all.summary());
    assertThat(all.violations()).isEmpty();
    assertThat(all.shareNearLimit()).isGreaterThanOrEqualTo(SHARE);
    assertThat(all.points()).isGreaterThanOrEqualTo(POINTS);
  }
}
