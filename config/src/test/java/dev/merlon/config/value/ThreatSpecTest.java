package dev.merlon.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreatSpecTest {

  @Test
  void parse_fraction_isDivided() {
    assertThat(ThreatSpec.parse("linf:8/255")).isEqualTo(new ThreatSpec("linf", 8.0 / 255));
  }

  @Test
  void toString_anySpec_parsesBackToEqual() {
    for (String text : new String[] {"linf:0.1", "l2:0.5", "l2:1.0", "linf:0.03137254901960784"}) {
      assertThat(ThreatSpec.parse(text)).hasToString(text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "linf, has no radius",
    "linf:, no number",
    "linf:a/b, no number",
    "linf:1/0, no number",
    "linf:8, write 8/255",
    "linf:0, must be above 0",
    "l2:-0.5, must be above 0",
    "l2:5000, must lie between",
    "l_inf:0.1, did you mean linf?"
  })
  void parse_malformedOrAbsurd_isRefusedWithReason(String text, String reason) {
    assertThatThrownBy(() -> ThreatSpec.parse(text))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(text)
        .hasMessageContaining(reason)
        .extracting(thrown -> ((MerlonException) thrown).failure().code())
        .isEqualTo("configuration");
  }
}
