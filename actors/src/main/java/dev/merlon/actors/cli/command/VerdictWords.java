package dev.merlon.actors.cli.command;

import dev.merlon.model.verify.verdict.Outcome;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The verdicts that may be asked for again, for {@code --retry} and its completion. */
final class VerdictWords implements Iterable<String>, ITypeConverter<Outcome.Kind> {
  private static final List<Outcome.Kind> KINDS =
      List.of(Outcome.Kind.UNKNOWN, Outcome.Kind.TIMEOUT);

  @Override
  public Iterator<String> iterator() {
    return KINDS.stream().map(Outcome.Kind::word).iterator();
  }

  @Override
  public Outcome.Kind convert(String text) {
    return KINDS.stream()
        .filter(kind -> kind.word().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' cannot be asked again: use unknown, timeout or both"));
  }
}
