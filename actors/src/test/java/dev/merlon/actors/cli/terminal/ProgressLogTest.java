package dev.merlon.actors.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLogTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now;

  @Test
  void at_withinTheInterval_isSilent() {
    ProgressLog log = log(0, 100);

    pass(Duration.ofSeconds(1));
    log.at(10, "");

    assertThat(said()).isEmpty();
  }

  @Test
  void at_afterTheInterval_showsDoneRateAndTimeLeft() {
    ProgressLog log = log(100, 1100);

    pass(ProgressLog.INTERVAL);
    log.at(250, "natural 91.20%");

    assertThat(said())
        .isEqualToIgnoringNewLines(
            "Training 250/1,100 steps (22%), 10.0/s, 1 min 25 s left, natural 91.20%");
  }

  @Test
  void close_someWorkDone_showsTheEndOnce() {
    ProgressLog log = log(0, 10);

    pass(Duration.ofSeconds(2));
    log.at(10, "");
    log.close();
    log.close();

    assertThat(said()).isEqualToIgnoringNewLines("Training 10/10 steps (100%), 5.0/s");
  }

  private ProgressLog log(long before, long total) {
    var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new ProgressLog(
        Console.plain(stream, stream), "Training", "steps", before, total, () -> now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
