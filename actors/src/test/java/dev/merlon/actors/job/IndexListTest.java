package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexListTest {
  @Test
  void parse_numbersAndRanges_givesEachOnceAscending() {
    assertThat(IndexList.parse("9, 5,7-9,0").indices()).containsExactly(0, 5, 7, 8, 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5,", "a", "5-", "-5", "9-5", "1.5", "99999999999"})
  void parse_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> IndexList.parse(text))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
