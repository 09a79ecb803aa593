package dev.merlon.model.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchEffortTest {
  @Test
  void of_rungThatSearches_namesAttackSeedAndTime() {
    String attack = AttackStrength.QUICK.attack().toString();
    for (Rung rung : List.of(Rung.PGD, Rung.TARGETED_PGD, Rung.BAB)) {
      assertThat(of(rung))
          .isEqualTo(new SearchEffort(List.of(Rung.PREDICT, rung), attack, 7, 1500));
    }
  }

  @Test
  void of_rungThatOnlyBounds_leavesOutWhatChangesNothing() {
    for (Rung rung : List.of(Rung.IBP, Rung.CROWN_IBP, Rung.CROWN, Rung.ALPHA_CROWN)) {
      assertThat(of(rung)).isEqualTo(new SearchEffort(List.of(Rung.PREDICT, rung), "", 0, 1500));
    }
  }

  private static SearchEffort of(Rung rung) {
    return SearchEffort.of(
        Effort.of(
            List.of(Rung.PREDICT, rung),
            AttackStrength.QUICK.attack(),
            7,
            Duration.ofMillis(1500)));
  }
}
