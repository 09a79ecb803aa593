package dev.merlon.actors.cli.command;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.WordTable;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.config.Presets;
import dev.merlon.config.Presets.Preset;
import dev.merlon.config.failure.MerlonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the presets, or shows what one resolves to. */
@Command(
    name = "presets",
    customSynopsis = "merlon presets [NAME] [OPTIONS]",
    description = "List the experiments that come with Merlon, or show one's whole configuration.",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nArguments:%n",
    footer = {
      "",
      "The configuration of a preset is a file that can be changed and trained:",
      "  merlon presets demo > mine.conf",
      "  merlon train ./mine.conf",
      "Those for MNIST at radius 0.3:",
      "  merlon presets --filter mnist,0.3"
    })
public final class PresetsCommand implements Callable<Integer> {
  private static final int GAP = 2;

  private final Console console;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      completionCandidates = PresetWords.class,
      description = "The preset whose resolved configuration is shown.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--filter",
      paramLabel = "TEXT,...",
      split = ",",
      hideParamSyntax = true,
      description = "List only the presets whose names hold each of these texts.")
  private List<String> filter = new ArrayList<>();

  /** The command, run in this console. */
  public PresetsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (name.isPresent() && !filter.isEmpty()) {
      throw MerlonException.configuration(
          "--filter chooses what is listed, and " + name.get() + " is shown whole",
          "Leave out one or the other.");
    }
    name.ifPresentOrElse(this::show, this::list);
    return ExitCode.DONE.value();
  }

  private void show(String preset) {
    String resolved = Presets.load(preset).render();
    Presets.list().stream()
        .filter(known -> known.name().equals(preset))
        .forEach(
            known -> {
              console.print("# " + known.name() + ": " + known.description());
              console.print("# Source: " + known.source());
            });
    console.out().print(resolved);
  }

  private void list() {
    List<Preset> presets = chosen();
    int names = presets.stream().mapToInt(preset -> preset.name().length()).max().orElse(0) + GAP;
    var table =
        new WordTable(
            Help.defaultColorScheme(console.outAnsi()),
            new Column(names, 0, Column.Overflow.TRUNCATE),
            new Column(console.width() - names, 0, Column.Overflow.WRAP));
    for (Preset preset : presets) {
      table.addRowValues(bold(preset.name()), plain(preset.description()));
      table.addRowValues(plain(""), plain("Source: " + preset.source()));
    }
    console.out().print(table);
  }

  private List<Preset> chosen() {
    List<String> texts =
        filter.stream().map(text -> text.strip().toLowerCase(Locale.ROOT)).toList();
    List<Preset> presets =
        Presets.list().stream()
            .filter(preset -> texts.stream().allMatch(preset.name()::contains))
            .toList();
    if (presets.isEmpty()) {
      throw MerlonException.configuration(
          "No preset has a name with " + String.join(" and ", filter),
          "`merlon presets` lists them all.");
    }
    return presets;
  }

  private Text bold(String text) {
    return console.outAnsi().text("@|bold " + text + "|@");
  }

  private Text plain(String text) {
    return console.outAnsi().new Text(text, Help.defaultColorScheme(console.outAnsi()));
  }
}
