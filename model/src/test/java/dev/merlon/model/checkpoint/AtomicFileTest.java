package dev.merlon.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeFirst() throws IOException {
    file = directory.resolve("model.onnx");
    AtomicFile.write(file, new byte[] {1});
  }

  @Test
  void write_again_replaces() throws IOException {
    AtomicFile.write(file, new byte[] {2, 3});

    assertThat(file).hasBinaryContent(new byte[] {2, 3});
    assertThat(directory.toFile().list()).containsExactly("model.onnx");
  }

  @Test
  void write_contentFailsHalfWay_leavesTheOldFile() {
    AtomicFile.Content failing =
        out -> {
          out.write(new byte[100_000]);
          throw new IOException("planted");
        };

    assertThatThrownBy(() -> AtomicFile.write(file, failing, written -> {})).hasMessage("planted");

    assertUntouched();
  }

  @Test
  void write_checkFails_leavesTheOldFile() {
    AtomicFile.Check refusing =
        written -> {
          throw new IOException("planted");
        };

    assertThatThrownBy(() -> AtomicFile.write(file, out -> out.write(9), refusing))
        .hasMessage("planted");

    assertUntouched();
  }

  @Test
  void write_leftOverOfACrash_isReplaced() throws IOException {
    Files.write(directory.resolve("model.onnx" + AtomicFile.PARTIAL), new byte[1000]);

    AtomicFile.write(file, new byte[] {7});

    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(Files.exists(directory.resolve("model.onnx" + AtomicFile.PARTIAL))).isFalse();
  }

  private void assertUntouched() {
    assertThat(file).hasBinaryContent(new byte[] {1});
    assertThat(directory.toFile().list()).containsExactly("model.onnx");
  }
}
