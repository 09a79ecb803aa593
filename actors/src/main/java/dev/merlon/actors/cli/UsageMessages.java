package dev.merlon.actors.cli;

import dev.merlon.actors.cli.option.Version;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.config.failure.DidYouMean;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers a command line that cannot be understood: one line, and how to get help. */
final class UsageMessages implements IParameterExceptionHandler {
  private final Console console;

  UsageMessages(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String prefix = console.errAnsi().string("@|bold,red " + name + ":|@ ");
    console.say(prefix + Sentence.of(message(problem, command)) + " Try " + name + " --help.");
    return ExitCode.USAGE.value();
  }

  private static String message(ParameterException problem, CommandLine command) {
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().get(0), command);
    }
    String message = String.valueOf(problem.getMessage());
    if (problem instanceof MissingParameterException) {
      return message.replaceAll("'(--[a-z-]+)[= ]([^']*)'", "$1 $2").replaceAll("'([^']*)'", "$1");
    }
    return message
        .replaceFirst("^Invalid value for option '([^']+)'( \\(.*?\\))?: ", "$1: ")
        .replaceFirst("^Invalid value for positional parameter at index \\d+ \\((.*?)\\): ", "$1: ")
        .replaceFirst(" is not an? (int|long)$", " is not a whole number");
  }

  private static String unmatched(String typed, CommandLine command) {
    String word = typed.startsWith("-") ? typed.replaceFirst("=.*", "") : typed;
    boolean option = word.startsWith("-");
    if (Unavailable.names(command.getCommandName(), word)) {
      return "'" + word + "' is not available in version " + Version.current();
    }
    Set<String> commands = command.getSubcommands().keySet();
    List<String> known =
        option
            ? command.getCommandSpec().optionsMap().keySet().stream()
                .filter(name -> name.startsWith("--"))
                .toList()
            : List.copyOf(commands);
    Optional<String> meant = DidYouMean.closest(word, known);
    String kind = option ? "option" : commands.isEmpty() ? "argument" : "command";
    return "Unknown "
        + kind
        + " '"
        + word
        + "'"
        + meant.map(name -> ". Did you mean " + name + "?").orElse("");
  }
}
