package dev.merlon.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RadiusTest {
  @ParameterizedTest
  @ValueSource(strings = {"8/255", "0.1", "0.30", "1e-3", ".5", "1/3"})
  void parse_number_keepsWhatIsWritten(String text) {
    assertThat(Radius.parse(" " + text + " ")).hasToString("Optional[" + text + "]");
  }

  @Test
  void parse_noNumber_isEmpty() {
    assertThat(Radius.parse("small")).isEmpty();
    assertThat(Radius.parse("1/0")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.00784313725490196, 2/255",
    "0.03137254901960784, 8/255",
    "0.2, 0.2",
    "0.1, 0.1",
    "1, 1",
    "36, 36",
    "0.3333333333333333, 85/255",
    "0.123456789, 0.123456789"
  })
  void of_value_isToldAsPeopleWriteIt(double value, String text) {
    assertThat(Radius.of(value)).hasToString(text);
  }

  @Test
  void equals_otherText_isAboutTheValue() {
    assertThat(Radius.of(8.0 / 255)).isEqualTo(Radius.parse("8/255").orElseThrow());
    assertThat(Radius.parse("0.30")).isEqualTo(Radius.parse("0.3"));
    assertThat(Radius.of(0.1)).isNotEqualTo(Radius.of(0.2));
  }
}
