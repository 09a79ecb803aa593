package dev.merlon.actors.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.CapturedRun;
import dev.merlon.config.Presets;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
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

  /** What a person has typed, and what is there after a press of the tabulator key. */
  private static final String PRESSES =
      """
      merlon tr                                     | merlon train ·
      merlon data fe                                | merlon data fetch ·
      merlon data fetch cifar100 --mi               | merlon data fetch cifar100 --mirror ·
      ./merlon ver                                  | ./merlon verify ·
      merlon train mnist-cnn7-staps-0.4-            | merlon train mnist-cnn7-staps-0.4-small ·
      merlon train mi                               | merlon train mine.conf ·
      merlon certify mod                            | merlon certify models/
      merlon certify models/n                       | merlon certify models/net.onnx ·
      merlon certify --cases ca                     | merlon certify --cases cases.json ·
      merlon certify m.onnx --out ca                | merlon certify m.onnx --out cases.json ·
      merlon certify m.onnx --data mni              | merlon certify m.onnx --data mnist:
      merlon certify m.onnx --data de               | merlon certify m.onnx --data demo ·
      merlon certify m.onnx --data mnist:da         | merlon certify m.onnx --data mnist:data/
      merlon certify m.onnx --data folder:data/di   | merlon certify m.onnx --data folder:data/digits/
      merlon certify m.onnx --data=folder:data/di   | merlon certify m.onnx --data=folder:data/digits/
      merlon certify m.onnx --norm linf             | merlon certify m.onnx --norm linf:
      merlon certify m.onnx --guarantee dep         | merlon certify m.onnx --guarantee deployed ·
      merlon certify m.onnx --rungs al              | merlon certify m.onnx --rungs alpha-crown
      merlon certify m.onnx --rungs ibp,crown-      | merlon certify m.onnx --rungs ibp,crown-ibp
      merlon certify m.onnx --retry unknown,ti      | merlon certify m.onnx --retry unknown,timeout
      merlon attack m.onnx --strength=taps          | merlon attack m.onnx --strength=taps-200 ·
      merlon verify models/net.onnx pr              | merlon verify models/net.onnx prop.vnnlib ·
      merlon train demo --run-dir data/di           | merlon train demo --run-dir data/digits/
      merlon completion f                           | merlon completion fish ·
      """;

  @Test
  void completion_inBash_completesWhatIsTyped() throws Exception {
    assumeThere("bash");
    assumeThere("script");
    Path script = Files.writeString(home.resolve("merlon.bash"), script(Shell.BASH));
    StringBuilder keys = new StringBuilder("merlon() { :; }; source " + script + "\n");
    keys.append("bind -x '\"\\C-xs\": printf \"\\nTYPED[%s]\\n\" \"$READLINE_LINE\"'\n");
    presses().forEach(press -> keys.append(press[0]).append("\t\u0018s\n"));
    Path typed = Files.writeString(home.resolve("typed"), keys.append("exit\n"));

    String shown =
        output(typed.toFile(), "script", "-qec", "bash --norc --noprofile -i", "/dev/null");

    assertThat(typedLines(shown)).isEqualTo(expectedLines());
  }

  @Test
  void completion_inZsh_completesWhatIsTyped() throws Exception {
    assumeThere("zsh");
    Path script = Files.writeString(home.resolve("merlon.zsh"), script(Shell.ZSH));
    Path driver =
        Files.writeString(
            home.resolve("driver"),
            """
            zmodload zsh/zpty
            zpty z env TERM=dumb zsh -f -i
            zpty -w z 'PROMPT=; unset zle_bracketed_paste; source %s
              show() { print -r -- "TYPED[$BUFFER]"; BUFFER=; }
              zle -N show; bindkey "^Xs" show; print REA''DY'
            zpty -r -m z text '*READY*'
            for line in "$@"; do
              zpty -w -n z "$line"$'\\t\\C-xs'
              zpty -r -m z text '*TYPED\\[*\\]*'
              print -r -- "$text"
            done
            """
                .formatted(script));
    List<String> command = new ArrayList<>(List.of("zsh", "-f", driver.toString()));
    presses().forEach(press -> command.add(press[0]));

    String shown = output(command.toArray(String[]::new));

    assertThat(typedLines(shown)).isEqualTo(expectedLines());
  }

  @Test
  void completion_inFish_completesWhatIsTyped() throws Exception {
    assumeThere("fish");
    Path script = Files.writeString(home.resolve("merlon.fish"), script(Shell.FISH));
    StringBuilder asked = new StringBuilder("source '" + script + "'\n");
    presses().forEach(press -> asked.append("echo TYPED[(complete -C '" + press[0] + "')]\n"));
    Path asking = Files.writeString(home.resolve("asking.fish"), asked);

    List<String> shown =
        output("fish", "--no-config", asking.toString())
            .lines()
            .map(line -> line.replaceFirst("\t[^]]*", ""))
            .toList();

    // Fish tells the last word, and puts a space behind it where it ends in a letter.
    assertThat(shown)
        .isEqualTo(
            expectedLines().stream()
                .map(line -> "TYPED[" + line.strip().replaceFirst(".* ", "") + "]")
                .toList());
  }

  @BeforeEach
  void makeFiles() throws IOException {
    for (String folder : List.of("models", "data/digits")) {
      Files.createDirectories(home.resolve(folder));
    }
    for (String file : List.of("models/net.onnx", "cases.json", "mine.conf", "prop.vnnlib")) {
      Files.createFile(home.resolve(file));
    }
  }

  private static List<String[]> presses() {
    return PRESSES.lines().map(line -> line.split(" +\\| ", 2)).toList();
  }

  private static List<String> expectedLines() {
    return presses().stream().map(press -> press[1].replace("·", "")).toList();
  }

  private static List<String> typedLines(String shown) {
    return Pattern.compile("TYPED\\[(merlon [^]]*|\\./merlon [^]]*)]")
        .matcher(shown)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private String script(Shell shell) {
    CapturedRun run = CapturedRun.of(home, "completion", shell.toString());
    assertThat(run.code()).isZero();
    return run.out();
  }

  private static void assumeThere(Shell shell) {
    assumeThere(shell.toString());
  }

  private static void assumeThere(String program) {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!there) {
      System.err.println("NOT TRIED: " + program + " is not installed");
    }
    Assumptions.assumeTrue(there, program + " is not installed: its completion is not tried");
  }

  private String output(String... command) throws IOException, InterruptedException {
    return output(new File("/dev/null"), command);
  }

  private String output(File typed, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(typed);
    builder.environment().put("TERM", "dumb");
    builder.directory(home.toFile());
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static List<CommandSpec> commands() {
    List<CommandSpec> all = new ArrayList<>();
    collect(CapturedRun.commandLine(), all);
    return all;
  }

  private static void collect(CommandLine command, List<CommandSpec> all) {
    all.add(command.getCommandSpec());
    command.getSubcommands().values().forEach(below -> collect(below, all));
  }
}
