package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.config.MerlonException;
import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/** Lets the parsers of other packages serve as converters of options. */
final class Typed {
  private Typed() {}

  /** The parsed value; what the parser refuses becomes a usage error of this option. */
  static <T> T value(String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (MerlonException refused) {
      String message = Sentence.of(refused.failure().message());
      throw new TypeConversionException(message + " " + Sentence.after(refused.failure().remedy()));
    }
  }
}
