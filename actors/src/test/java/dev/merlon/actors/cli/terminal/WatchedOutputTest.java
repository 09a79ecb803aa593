package dev.merlon.actors.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchedOutputTest {
  @Test
  void loss_fullDisk_isRememberedThoughThePrinterSwallowsIt() {
    assertThat(afterWriting("No space left on device")).contains("No space left on device");
  }

  @Test
  void loss_readerThatHadEnough_isNone() {
    assertThat(afterWriting("Broken pipe")).isEmpty();
  }

  @Test
  void loss_nothingFailed_isNone() {
    WatchedOutput output = new WatchedOutput(OutputStream.nullOutputStream());
    printer(output).println("result");
    assertThat(output.loss()).isEmpty();
  }

  private static Optional<String> afterWriting(String reason) {
    WatchedOutput output =
        new WatchedOutput(
            new OutputStream() {
              @Override
              public void write(int value) throws IOException {
                throw new IOException(reason);
              }
            });
    printer(output).println("result");
    return output.loss();
  }

  private static PrintStream printer(WatchedOutput output) {
    return new PrintStream(output, true, StandardCharsets.UTF_8);
  }
}
