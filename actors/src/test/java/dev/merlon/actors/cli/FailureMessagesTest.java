package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import dev.merlon.actors.cli.work.LogFile;
import dev.merlon.actors.verification.StoreHome;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureMessagesTest {
  @TempDir private Path home;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Interrupts interrupts = new Interrupts(code -> {});
  private final List<LogFile> logs = new ArrayList<>();

  @AfterEach
  void closeLogs() {
    logs.forEach(LogFile::close);
  }

  static Stream<Failure> failures() {
    return Stream.of(
        new Failure.Configuration("eps is wrong", "correct it"),
        new Failure.Data("the file is cut off", "fetch it again"),
        new Failure.ModelFormat("no model", "export it again"),
        new Failure.Numeric("a loss is NaN", "lower the rate"),
        new Failure.Device("out of memory", "use less"),
        new Failure.Internal("a promise is broken", "report it"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void report_knownFailure_isOneLineWithCodeOfItsKind(Failure failure) throws IOException {
    ExitCode code = messages().report("merlon train", new MerlonException(failure));

    boolean user = failure.code().matches("configuration|data|model-format");
    assertThat(code.value()).isEqualTo(user ? 2 : 3);
    assertThat(said().lines()).hasSize(1);
    assertThat(said()).startsWith("merlon train: ").doesNotContain("\tat ");
    assertThat(Files.exists(home.resolve("merlon.log"))).isEqualTo(!user);
    if (!user) {
      assertThat(said()).contains("Log: " + home.resolve("merlon.log"));
      assertThat(Files.readString(home.resolve("merlon.log"))).contains("MerlonException", "\tat ");
    }
  }

  @Test
  void report_unexpectedException_exits3AndKeepsTheTrace() throws IOException {
    var thrown = new CompletionException(new IllegalStateException("two\nlines"));

    ExitCode code = messages().report("merlon certify", thrown);

    assertThat(code).isEqualTo(ExitCode.FAILED);
    assertThat(said())
        .isEqualTo(
            "merlon certify: An unexpected IllegalStateException: two lines. Log: "
                + home.resolve("merlon.log")
                + System.lineSeparator());
    assertThat(Files.readString(home.resolve("merlon.log"))).contains("IllegalStateException");
  }

  @Test
  void report_logCannotBeWritten_saysSo() throws IOException {
    Path file = Files.createFile(home.resolve("file"));

    ExitCode code = messages(file).report("merlon demo", new IllegalStateException("broken"));

    assertThat(code).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("No log could be written");
  }

  @Test
  void report_afterAnInterrupt_givesTheSignalsCode() {
    try (var registration = interrupts.during(code -> {})) {
      interrupts.raise(ExitCode.TERMINATED);
    }

    var cancelled = new MerlonException(new Failure.Cancelled("Stopped", "Resume it."));

    assertThat(messages().report("merlon train", cancelled)).isEqualTo(ExitCode.TERMINATED);
  }

  private FailureMessages messages() {
    return messages(home);
  }

  private FailureMessages messages(Path directory) {
    LogFile log = new LogFile(directory);
    logs.add(log);
    var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new FailureMessages(
        new CommandContext(
            Console.plain(stream, stream), interrupts, log, "merlon", StoreHome.ofUser("test")));
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
