package dev.merlon.actors.cli.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.job.Verdicts;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.Reused;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.count.Summary;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictWarningTest {
  @Test
  void code_inputThatCouldNotBeProcessed_isNotDone() {
    assertThat(ExitCode.of(report(Verdicts.withFailure()))).isEqualTo(ExitCode.UNDECIDED);
    assertThat(ExitCode.of(report(Verdicts.summary()))).isEqualTo(ExitCode.DONE);
  }

  @Test
  void say_inputThatCouldNotBeProcessed_oneLineWithTheFirstReason() {
    assertThat(said(Verdicts.withFailure()).lines())
        .singleElement()
        .asString()
        .contains("1 input could not be processed", "OrtException: broken");
    assertThat(said(Verdicts.summary())).isEmpty();
  }

  private static String said(Summary summary) {
    var err = new ByteArrayOutputStream();
    var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    VerdictWarning.say(Console.plain(stream, stream), summary);
    return err.toString(StandardCharsets.UTF_8);
  }

  private static CertificationReport report(Summary summary) {
    return new CertificationReport(
        "m.onnx",
        "ab12",
        "cd34",
        ModelUse.PLAIN,
        summary,
        Reused.NONE,
        Optional.empty(),
        Duration.ZERO);
  }
}
