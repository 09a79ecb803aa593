package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeedGroupsTest {
  @Test
  void spread_severalShares_isMeanAndSampleDeviation() {
    assertThat(SeedGroups.spread(List.of(0.90, 0.92, 0.94))).isEqualTo("92.00% ± 2.00");
    assertThat(SeedGroups.spread(List.of(0.5, 0.5))).isEqualTo("50.00% ± 0.00");
    assertThat(SeedGroups.spread(List.of(0.0, 0.01))).isEqualTo("0.50% ± 0.71");
  }
}
