package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.Interrupts;
import dev.merlon.config.Presets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CompletionCommandTest {
  @TempDir private Path home;

  @ParameterizedTest
  @EnumSource(Shell.class)
  void completion_everyShell_knowsEveryCommandOptionAndPreset(Shell shell) {
    String script = script(shell);

    List<CommandSpec> commands = commands();
    assertThat(commands).extracting(CommandSpec::name).contains("train", "data", "fetch");
    for (CommandSpec command : commands) {
      assertThat(script).contains(command.name());
      assertThat(command.options())
          .allSatisfy(
              option -> {
                String name = option.longestName();
                String written = shell == Shell.FISH ? "-l " + name.substring(2) : name;
                assertThat(script).as(command.name()).contains(written);
              });
    }
    assertThat(Presets.list()).allSatisfy(preset -> assertThat(script).contains(preset.name()));
  }

  @ParameterizedTest
  @EnumSource(Shell.class)
  void completion_everyShell_isWellFormed(Shell shell) throws Exception {
    assumeThere(shell);
    Path script = Files.writeString(home.resolve("script"), script(shell));

    assertThat(output(shell.toString(), "-n", script.toString())).isEmpty();
  }

  @Test
  void completion_noShellNamed_isForBash() {
    assertThat(CapturedRun.of(home, "completion").out()).isEqualTo(script(Shell.BASH));
  }

  @Test
  void completion_unknownShell_exits2() {
    CapturedRun run = CapturedRun.of(home, "completion", "csh");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("csh", "bash", "fish");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "merlon tr                             | train",
        "merlon data                           | fetch",
        "merlon data fetch ci                  | cifar10 cifar100",
        "merlon data fetch mnist --mi          | --mirror",
        "merlon --version dem                  | demo",
        "merlon train mnist-cnn3-sabr          | mnist-cnn3-sabr-0.1",
        "merlon train --data x demo --res      | --resume",
        "merlon attack m.onnx --strength ta    | taps-200",
        "merlon attack m.onnx --strength=ta    | --strength=taps-200",
        "merlon certify m.onnx --data tiny     | tinyimagenet:",
        "merlon completion f                   | fish"
      })
  void completion_inFish_offersWhatFits(String typed, String expected) throws Exception {
    assumeThere(Shell.FISH);
    Path script = Files.writeString(home.resolve("merlon.fish"), script(Shell.FISH));
    String space = typed.equals("merlon data") ? " " : "";
    String line = "source '%s'; complete -C '%s%s'".formatted(script, typed, space);

    List<String> offered =
        output("fish", "--no-config", "-c", line)
            .lines()
            .map(answer -> answer.split("\t", -1)[0])
            .toList();

    assertThat(offered).contains(expected.split(" ", -1));
    assertThat(offered).noneMatch(word -> word.equals("report"));
  }

  @Test
  void completion_inBash_offersWhatFits() throws Exception {
    assumeThere(Shell.BASH);
    Path script = Files.writeString(home.resolve("merlon.bash"), script(Shell.BASH));
    String ask =
        "compopt() { :; }; source '%s'; COMP_WORDS=(merlon data fetch --mi); COMP_CWORD=3; _complete_merlon; echo ${COMPREPLY[@]}"
            .formatted(script);

    assertThat(output("bash", "--norc", "-c", ask)).isEqualToIgnoringNewLines("--mirror");
  }

  private String script(Shell shell) {
    CapturedRun run = CapturedRun.of(home, "completion", shell.toString());
    assertThat(run.code()).isZero();
    return run.out();
  }

  private static void assumeThere(Shell shell) {
    boolean there =
        Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell.toString())));
    Assumptions.assumeTrue(there, shell + " is not installed: its completion is not tried");
  }

  private String output(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(home.toFile());
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static List<CommandSpec> commands() {
    var application =
        new Application(Console.plain(System.out, System.err), new Interrupts(code -> {}));
    List<CommandSpec> all = new ArrayList<>();
    collect(application.commandLine(), all);
    return all;
  }

  private static void collect(CommandLine command, List<CommandSpec> all) {
    all.add(command.getCommandSpec());
    command.getSubcommands().values().forEach(below -> collect(below, all));
  }
}
