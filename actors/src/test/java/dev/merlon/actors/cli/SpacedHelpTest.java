package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.Interrupts;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SpacedHelpTest {
  private static final int ENDLESS = 2000;

  /** An option's own column may be as wide as it is. */
  private static final String LONGEST_LABEL = "--from MODEL.onnx|RUN_DIR|CHECKPOINT";

  private static final Pattern OPTION_WITH_VALUE = Pattern.compile("--[a-z-]+ [A-Z][^ \\n]*");

  @ParameterizedTest
  @ValueSource(ints = {80, 91, 100, 120})
  void help_anyWidth_breaksLinesBetweenWordsAlone(int width) {
    List<String> unbroken = helps(ENDLESS);
    List<String> wrapped = helps(width);

    assertThat(wrapped).hasSizeGreaterThan(10).hasSameSizeAs(unbroken);
    for (int i = 0; i < wrapped.size(); i++) {
      assertThat(words(wrapped.get(i))).isEqualTo(words(unbroken.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 72, 80, 91, 100, 120})
  void help_anyWidth_keepsOptionsOfTheSynopsisWithTheirValues(int width) {
    List<String> unbroken = helps(ENDLESS);
    List<String> wrapped = helps(width);

    assertThat(unbroken)
        .flatExtracting(help -> options(synopsis(help)))
        .contains("--norm NORM:EPS...", "--label CLASS");
    for (int i = 0; i < wrapped.size(); i++) {
      assertThat(options(synopsis(wrapped.get(i)))).isEqualTo(options(synopsis(unbroken.get(i))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 100})
  void help_lines_fitTheWidth(int width) {
    assertThat(helps(width))
        .flatExtracting(help -> help.lines().toList())
        .allSatisfy(
            line ->
                assertThat(line.length() <= width || line.contains(LONGEST_LABEL))
                    .as(line)
                    .isTrue());
  }

  private static String synopsis(String help) {
    return help.substring(0, help.indexOf("\n\n"));
  }

  private static List<String> words(String help) {
    return List.of(help.strip().split("\\s+", -1));
  }

  private static List<String> options(String text) {
    return OPTION_WITH_VALUE.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> helps(int width) {
    var application =
        new Application(Console.plain(System.out, System.err), new Interrupts(code -> {}));
    CommandLine merlon = application.commandLine();
    merlon.setUsageHelpWidth(width);
    return every(merlon).map(CommandLine::getUsageMessage).toList();
  }

  private static Stream<CommandLine> every(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(below -> all.addAll(every(below).toList()));
    return all.stream();
  }
}
