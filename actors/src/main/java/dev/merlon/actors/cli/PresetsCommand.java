package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.config.Presets;
import dev.merlon.config.Presets.Preset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Parameters;

/** Lists the presets, or shows what one resolves to. */
@Command(
    name = "presets",
    description = "List the experiments that come with Merlon, or show one's whole configuration.",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nArguments:%n",
    footer = {
      "",
      "The configuration of a preset is a file that can be changed and trained:",
      "  merlon presets demo > mine.conf",
      "  merlon train ./mine.conf"
    })
final class PresetsCommand implements Callable<Integer> {
  private static final int GAP = 2;

  private final Console console;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      completionCandidates = PresetWords.class,
      description = "The preset whose resolved configuration is shown.")
  private Optional<String> name = Optional.empty();

  PresetsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
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
    List<Preset> presets = Presets.list();
    int names = presets.stream().mapToInt(preset -> preset.name().length()).max().orElse(0) + GAP;
    TextTable table =
        TextTable.forColumns(
            Help.defaultColorScheme(console.outAnsi()),
            new Column(names, 0, Column.Overflow.TRUNCATE),
            new Column(console.width() - names, 0, Column.Overflow.WRAP));
    for (Preset preset : presets) {
      table.addRowValues(bold(preset.name()), plain(preset.description()));
      table.addRowValues(plain(""), plain("Source: " + preset.source()));
    }
    console.out().print(table);
  }

  private Text bold(String text) {
    return console.outAnsi().text("@|bold " + text + "|@");
  }

  private Text plain(String text) {
    return console.outAnsi().new Text(text, Help.defaultColorScheme(console.outAnsi()));
  }
}
