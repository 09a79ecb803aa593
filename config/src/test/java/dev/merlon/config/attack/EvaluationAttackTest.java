package dev.merlon.config.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationAttackTest {
  @Test
  void read_everyMethod_isWrittenAgain() {
    for (AttackMethod method : AttackMethod.values()) {
      String words =
          "evaluation.attack { method = %s, steps = 30, restarts = 4 }".formatted(method.word());
      RunSettings settings = Settings.parse(words, "test", List.of());
      assertThat(settings.evaluation().attack().method()).isEqualTo(method);
      assertThat(settings.evaluation().attack().settings().steps()).isEqualTo(30);
      assertThat(Settings.parse(settings.render(), "again", List.of())).isEqualTo(settings);
    }
  }

  @Test
  void read_nothing_isPgd() {
    RunSettings settings = Settings.parse("", "test", List.of());
    assertThat(settings.evaluation().attack().method()).isEqualTo(AttackMethod.PGD);
  }

  @Test
  void read_unknownMethod_isRefusedByName() {
    assertThatThrownBy(() -> Settings.parse("evaluation.attack.method = apgdt", "test", List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("evaluation.attack.method")
        .hasMessageContaining("apgd");
  }

  @Test
  void read_methodInTraining_isRefused() {
    assertThatThrownBy(
            () ->
                Settings.parse("objective { kind = pgd, attack.method = apgd }", "test", List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.attack.method");
  }

  @Test
  void toString_isWhatTheSearchDependsOn() {
    AttackSettings settings = AttackStrength.QUICK.settings();
    assertThat(EvaluationAttack.pgd(settings)).hasToString(settings.toString());
    assertThat(new EvaluationAttack(AttackMethod.APGD_TARGETED, settings))
        .hasToString("apgd-targeted[steps=20, restarts=1]");
  }
}
