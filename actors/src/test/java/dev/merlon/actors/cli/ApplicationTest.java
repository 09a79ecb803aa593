package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.Interrupts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class ApplicationTest {
  @TempDir private Path home;

  @Test
  void run_noCommand_showsUsageOnErrorAndExits2() {
    CapturedRun run = CapturedRun.of(home);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("Usage: merlon", "demo", "train", "certify", "attack", "presets", "doctor");
  }

  @Test
  void run_help_namesCommandsAndExitCodes() {
    CapturedRun run = CapturedRun.of(home, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "demo",
            "train",
            "certify",
            "attack",
            "data",
            "presets",
            "doctor",
            "--version",
            "130/143");
  }

  @Test
  void run_version_printsNameAndVersion() {
    CapturedRun run = CapturedRun.of(home, "--version");

    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("merlon \\d+\\.\\d+\\.\\d+\\S*\\R");
  }

  @Test
  void run_misspelledCommand_suggestsTheRightOne() {
    CapturedRun run = CapturedRun.of(home, "presests");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine())
        .hasValue("merlon: Unknown command 'presests'. Did you mean presets? Try merlon --help.");
  }

  @Test
  void run_misspelledOption_suggestsTheRightOne() {
    CapturedRun run = CapturedRun.of(home, "doctor", "--jason");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine())
        .hasValue(
            "merlon doctor: Unknown option '--jason'. Did you mean --json? Try merlon doctor"
                + " --help.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"daemon", "bench", "submit"})
  void run_commandOfALaterVersion_saysSoInOneLine(String command) {
    CapturedRun run = CapturedRun.of(home, command, "x");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("'" + command + "' is not available in version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"demo", "train", "certify", "attack", "report", "presets", "doctor", "completion"})
  void run_helpOfEachCommand_describesEveryOption(String command) {
    CapturedRun run = CapturedRun.of(home, command, "--help");

    assertThat(run.code()).isZero();
    CommandSpec spec = specification(command);
    assertThat(spec.usageMessage().description()).isNotEmpty();
    assertThat(spec.options())
        .allSatisfy(
            option -> {
              assertThat(option.description()).as(option.longestName()).isNotEmpty();
              assertThat(run.out()).contains(option.longestName());
            });
    assertThat(spec.positionalParameters())
        .allSatisfy(
            positional ->
                assertThat(positional.description()).as(positional.paramLabel()).isNotEmpty());
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
  }

  @Test
  void run_help_showsOptionsAsTheyAreTyped() {
    assertThat(CapturedRun.of(home, "certify", "--help").out())
        .contains("--data KIND[:DIR] ", "--norm NORM:EPS ")
        .doesNotContain("--data=", "--norm=");
  }

  private static CommandSpec specification(String command) {
    var application =
        new Application(Console.plain(System.out, System.err), new Interrupts(code -> {}));
    return application.commandLine().getSubcommands().entrySet().stream()
        .filter(entry -> entry.getKey().equals(command))
        .map(entry -> entry.getValue().getCommandSpec())
        .findFirst()
        .orElseThrow();
  }
}
