package dev.merlon.actors.cli.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** A shell that completes what is being typed, given a script. */
enum Shell {
  /** GNU Bash. */
  BASH,
  /** The Z shell. */
  ZSH,
  /** The friendly interactive shell. */
  FISH;

  /** A script that lets this shell complete every command and option. */
  String script(CommandSpec merlon) {
    return switch (this) {
      case BASH, ZSH ->
          "# Completion of merlon for "
              + this
              + ".\n\n"
              + new ShellTables(merlon).functions()
              + text("walk.sh")
              + text("completion." + this);
      case FISH -> new FishCompletion(merlon).script();
    };
  }

  private static String text(String resource) {
    try (InputStream script = Shell.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(script, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
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
