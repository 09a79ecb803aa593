package dev.merlon.config.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AttackStrengthTest {
  @Test
  void parse_everyWord_findsIt() {
    for (AttackStrength strength : AttackStrength.values()) {
      assertThat(AttackStrength.parse(strength.word())).isEqualTo(strength);
    }
    assertThat(AttackStrength.words())
        .containsExactly("quick", "standard", "taps-200", "apgd", "apgd-targeted");
    assertThatThrownBy(() -> AttackStrength.parse("brutal"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("brutal");
  }

  @Test
  void quick_isTheDefaultOfEvaluation() {
    RunSettings defaults = Settings.parse("", "test", List.of());
    assertThat(AttackStrength.QUICK.attack()).isEqualTo(defaults.evaluation().attack());
  }

  @Test
  void apgd_isAsInThePaper() {
    for (AttackStrength strength : List.of(AttackStrength.APGD, AttackStrength.APGD_TARGETED)) {
      assertThat(strength.settings().steps()).isEqualTo(100);
      assertThat(strength.settings().restarts()).isEqualTo(1);
      assertThat(strength.method().word()).isEqualTo(strength.word());
    }
    assertThat(AttackStrength.STANDARD.method()).isEqualTo(AttackMethod.PGD);
  }

  @Test
  void taps200_stepsShrinkAsInCtBench() {
    AttackSettings attack = AttackStrength.TAPS_200.settings();
    assertThat(attack.restarts()).isEqualTo(5);
    Offset<Double> rounding = Offset.offset(1e-12);
    assertThat(attack.stepSizeAt(99)).isCloseTo(0.2, rounding);
    assertThat(attack.stepSizeAt(100)).isCloseTo(0.02, rounding);
    assertThat(attack.stepSizeAt(160)).isCloseTo(0.002, rounding);
    assertThat(attack.stepSizeAt(180)).isCloseTo(0.0002, rounding);
  }
}
