package dev.merlon.actors.cli.option;

import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.job.Invocation;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What options have in common: parsers of other packages as converters, checks of values. */
public final class Typed {
  private Typed() {}

  /** The parsed value; what the parser refuses becomes a usage error of this option. */
  public static <T> T value(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (MerlonException refused) {
      String message = Sentence.of(refused.failure().message());
      throw new TypeConversionException(message + " " + Sentence.after(refused.failure().remedy()));
    }
  }

  /** Refuses a number of 0 or below. */
  public static void requirePositive(String option, Optional<Integer> value) {
    if (value.isPresent() && value.get() < 1) {
      throw MerlonException.configuration(
          option + " is " + value.get() + ": must be at least 1", "Give a number above 0.");
    }
  }

  /**
   * Refuses a command line that lacks options.
   *
   * @param given what is needed, as help names it, and whether it is there
   */
  public static void requireGiven(CommandSpec command, Map<String, Boolean> given) {
    List<String> missing =
        given.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .toList();
    if (!missing.isEmpty()) {
      String options = missing.size() == 1 ? "option: " : "options: ";
      throw new ParameterException(
          command.commandLine(), "Missing required " + options + String.join(", ", missing));
    }
  }

  /** A command as a shell takes it: what started the program, and the words behind it. */
  public static Invocation invocation(CommandContext context, CommandSpec command) {
    List<String> words = command.root().commandLine().getParseResult().originalArgs();
    return new Invocation(
        Stream.concat(Stream.of(context.merlon()), words.stream().map(Typed::quoted))
            .collect(Collectors.joining(" ")),
        Version.current());
  }

  /** A word as a shell takes it. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:,=+@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
