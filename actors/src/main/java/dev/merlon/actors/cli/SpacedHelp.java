package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.WordTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Help texts that show options as people type them: {@code --data DIR}, not {@code --data=DIR}, and
 * break lines between words alone.
 */
final class SpacedHelp extends Help {
  private static final int GAP = 2;

  SpacedHelp(CommandSpec command, ColorScheme colors) {
    super(command, colors);
  }

  @Override
  public IParamLabelRenderer parameterLabelRenderer() {
    IParamLabelRenderer usual = super.parameterLabelRenderer();
    return new IParamLabelRenderer() {
      @Override
      public Ansi.Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<Ansi.IStyle> styles) {
        Ansi.Text label = usual.renderParameterLabel(argument, ansi, styles);
        return label.plainString().startsWith("=")
            ? ansi.new Text(" ").concat(label.substring(1))
            : label;
      }

      @Override
      public String separator() {
        return " ";
      }
    };
  }

  // The columns of picocli's own layout: mark, short name, comma, long name, description.
  @Override
  public Layout createDefaultLayout(
      List<OptionSpec> options, List<PositionalParamSpec> positionals, ColorScheme colors) {
    TextTable usual = super.createDefaultLayout(options, positionals, colors).textTable();
    return new Layout(
        colors,
        new WordTable(colors, usual.columns()),
        createDefaultOptionRenderer(),
        createDefaultParameterRenderer());
  }

  @Override
  public String commandList(Map<String, Help> commands) {
    int names = GAP + commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    Column name = new Column(names + GAP, GAP, Column.Overflow.SPAN);
    Column text = new Column(width() - names - GAP, 0, Column.Overflow.WRAP);
    var table = new WordTable(colorScheme(), name, text);
    commands.forEach(
        (word, help) ->
            table.addRowValues(
                help.commandNamesText(", "),
                colorScheme()
                    .text(String.join(" ", help.commandSpec().usageMessage().description()))));
    return table.toString();
  }

  @Override
  public String customSynopsis(Object... parameters) {
    String[] lines = commandSpec().usageMessage().customSynopsis();
    if (lines.length == 0) {
      return "";
    }
    // The heading stands before the first line.
    String heading = WordTable.tied(" ".repeat(synopsisHeadingLength()));
    lines[0] = heading + lines[0];
    return paragraphs(Arrays.stream(lines).map(WordTable::tiedOptions).toArray(String[]::new))
        .substring(heading.length());
  }

  @Override
  public String description(Object... parameters) {
    return paragraphs(commandSpec().usageMessage().description());
  }

  @Override
  public String footer(Object... parameters) {
    return paragraphs(commandSpec().usageMessage().footer());
  }

  private int width() {
    return commandSpec().usageMessage().width();
  }

  private String paragraphs(String... texts) {
    return WordTable.lines(colorScheme(), width(), texts);
  }
}
