package dev.merlon.model.verify.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.evaluation.EvaluationSettings;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RungTest {

  @Test
  void ladder_anyOrderAndRepeats_cheapToDearWithPrediction() {
    assertThat(Rung.ladder(List.of("crown", "ibp", "crown", "crown-ibp")))
        .containsExactly(Rung.PREDICT, Rung.IBP, Rung.CROWN_IBP, Rung.CROWN);
  }

  @Test
  void parse_rungsOfTheConfiguration_allKnown() {
    assertThat(EvaluationSettings.RUNGS).allSatisfy(word -> Rung.parse(word));
  }

  @Test
  void parse_typingMistake_suggestion() {
    assertThatThrownBy(() -> Rung.parse("crwn-ibp"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure().remedy()).contains("Did you mean crown-ibp?"));
  }
}
