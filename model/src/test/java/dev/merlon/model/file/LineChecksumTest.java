package dev.merlon.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import org.junit.jupiter.api.Test;

class LineChecksumTest {
  private static final String LINE = "{\"id\":\"é, \\\"crc\\\"\",\"eps\":0.1}";

  // The check value that catalogues of CRCs give for CRC-32C.
  @Test
  void added_digitsOfTheCheckValue_areItsChecksum() {
    assertThat(LineChecksum.added("123456789")).isEqualTo("12345678,\"crc\":\"e3069283\"}");
  }

  @Test
  void verified_lineWithItsChecksum_isTheLineBefore() {
    String written = LineChecksum.added(LINE);

    assertThat(written).startsWith(LINE.substring(0, LINE.length() - 1) + ",\"crc\":\"");
    assertThat(LineChecksum.verified(written)).isEqualTo(LINE);
  }

  @Test
  void verified_lineWithoutOne_stays() {
    assertThat(LineChecksum.verified(LINE)).isEqualTo(LINE);
  }

  @Test
  void verified_anyCharacterChanged_isRefused() {
    String written = LineChecksum.added(LINE);
    int name = written.lastIndexOf(",\"crc\"");
    for (int i = 0; i < written.length(); i++) {
      // Without its name it is no checksum.
      if (i < name || i >= name + ",\"crc\"".length()) {
        char other = (char) (written.charAt(i) ^ 1);
        String changed = written.substring(0, i) + other + written.substring(i + 1);
        assertThatThrownBy(() -> LineChecksum.verified(changed))
            .as(changed)
            .isInstanceOf(MerlonException.class)
            .hasMessageContaining("does not match its crc");
      }
    }
  }

  @Test
  void verified_fieldBehindTheChecksum_isRefused() {
    String written = LineChecksum.added(LINE);
    String longer = written.substring(0, written.length() - 1) + ",\"eps\":9}";

    assertThatThrownBy(() -> LineChecksum.verified(longer)).isInstanceOf(MerlonException.class);
  }
}
