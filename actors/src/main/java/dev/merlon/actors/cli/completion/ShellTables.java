package dev.merlon.actors.cli.completion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What bash and zsh have to know of the command line, from its model: shell functions that both
 * understand, one for each question.
 */
final class ShellTables {
  private static final int MOST_ARGUMENTS = 9;

  private final String name;
  private final List<String> below = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  ShellTables(CommandSpec root) {
    this.name = root.name();
    describe(root, root.name());
  }

  /** The functions. */
  String functions() {
    return function("below", "Names of the commands below $1, as in 'merlon data'.", below)
        + function("options", "Options of the command $1.", options)
        + function("values", "What the option or argument $2 of the command $1 takes.", values);
  }

  private String function(String question, String comment, List<String> answers) {
    return """
    # %s
    _%s_%s() {
      case "$1${2:+ $2}" in
    %s
        *) return 1 ;;
      esac
    }

    """
        .formatted(
            comment,
            name,
            question,
            answers.stream().map(answer -> "    " + answer).collect(Collectors.joining("\n")));
  }

  private void describe(CommandSpec command, String path) {
    String commands =
        command.subcommands().values().stream()
            .map(spec -> spec.getCommandSpec().name())
            .collect(Collectors.joining(" "));
    if (!commands.isEmpty()) {
      below.add("'%s') reply='%s' ;;".formatted(path, commands));
    }
    options.add(
        "'%s') reply='%s' ;;"
            .formatted(
                path,
                command.options().stream()
                    .flatMap(option -> Arrays.stream(option.names()))
                    .collect(Collectors.joining(" "))));
    for (OptionSpec option : command.options()) {
      if (option.arity().max() > 0) {
        add(path, Arrays.stream(option.names()), Completed.of(option));
      }
    }
    for (PositionalParamSpec argument : command.positionalParameters()) {
      add(path, numbers(argument), Completed.of(argument));
    }
    for (CommandLine spec : command.subcommands().values()) {
      describe(spec.getCommandSpec(), path + " " + spec.getCommandSpec().name());
    }
  }

  // Arguments are counted from 1.
  private static Stream<String> numbers(PositionalParamSpec argument) {
    int first = argument.index().min();
    boolean many = argument.index().isVariable() || argument.arity().max() > 1;
    int last = many ? MOST_ARGUMENTS : argument.index().max();
    return Stream.iterate(first, number -> number <= last, number -> number + 1)
        .map(number -> Integer.toString(number + 1));
  }

  private void add(String path, Stream<String> names, Completed value) {
    String patterns =
        names.map(named -> "'" + path + " " + named + "'").collect(Collectors.joining("|"));
    String place =
        switch (value.place()) {
          case NOWHERE -> "";
          case FILES -> " place=files";
          case FOLDERS -> " place=folders";
          case FOLDERS_BEHIND_COLON -> " place=behind";
        };
    values.add(
        "%s) reply='%s'%s%s ;;"
            .formatted(
                patterns,
                String.join(" ", value.words()),
                place,
                value.several() ? " several=yes" : ""));
  }
}
