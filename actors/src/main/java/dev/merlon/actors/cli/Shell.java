package dev.merlon.actors.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A shell that completes what is being typed, given a script. */
enum Shell {
  /** GNU Bash. */
  BASH,
  /** The Z shell; by its emulation of Bash's completion, which the script turns on. */
  ZSH,
  /** The friendly interactive shell. */
  FISH;

  /** A script that lets this shell complete every command and option. */
  String script(CommandLine merlon) {
    return switch (this) {
      case BASH, ZSH -> AutoComplete.bash(merlon.getCommandName(), merlon);
      case FISH -> new FishCompletion(merlon.getCommandSpec()).script();
    };
  }

  /** The word on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The words, for completion. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(Shell::toString).iterator();
    }
  }

  /** Reads {@code fish}. */
  static final class Converter implements ITypeConverter<Shell> {
    @Override
    public Shell convert(String text) {
      return Arrays.stream(values())
          .filter(shell -> shell.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is no known shell: use bash, zsh or fish"));
    }
  }
}
