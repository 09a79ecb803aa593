package dev.merlon.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1536, 1.5 KiB",
    "157286400, 150 MiB",
    "3221225472, 3.0 GiB"
  })
  void bytes_anyAmount_hasTheFittingUnit(long bytes, String expected) {
    assertThat(Amounts.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "59400, 59 s",
    "59600, 1 min 00 s",
    "200000, 3 min 20 s",
    "7500000, 2 h 05 min"
  })
  void time_anyDuration_isReadable(long millis, String expected) {
    assertThat(Amounts.time(Duration.ofMillis(millis))).isEqualTo(expected);
  }
}
