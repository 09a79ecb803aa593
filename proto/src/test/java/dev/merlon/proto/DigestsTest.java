package dev.merlon.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void of_publishedTestVector_matches(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("abc");
    Files.writeString(file, "abc");
    assertThat(Digests.of("abc")).isEqualTo(ABC);
    assertThat(Digests.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(ABC);
    assertThat(Digests.ofFile(file)).isEqualTo(ABC);
  }

  @Test
  void ofFile_longerThanOneBuffer_equalsDigestOfBytes(@TempDir Path folder) throws IOException {
    byte[] bytes = new byte[200_001];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Path file = folder.resolve("long");
    Files.write(file, bytes);
    assertThat(Digests.ofFile(file)).isEqualTo(Digests.of(bytes));
  }

  @Test
  void of_message_isStableAcrossVersions() {
    var cursor = Cursor.newBuilder().setGlobalStep(300).setEpoch(1).setStep(2).build();
    assertThat(Digests.canonicalBytes(cursor)).containsExactly(8, 1, 16, 2, 24, 0xac, 2);
    assertThat(Digests.of(cursor))
        .isEqualTo(Digests.of(new byte[] {8, 1, 16, 2, 24, (byte) 0xac, 2}));
  }

  @Test
  void of_messageWithAnotherValue_differs() {
    var cursor = Cursor.newBuilder().setEpoch(1).build();
    assertThat(Digests.of(cursor.toBuilder().setEpoch(2).build())).isNotEqualTo(Digests.of(cursor));
  }
}
