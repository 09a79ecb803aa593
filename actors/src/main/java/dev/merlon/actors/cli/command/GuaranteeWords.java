package dev.merlon.actors.cli.command;

import dev.merlon.model.verify.question.Guarantee;
import java.util.Iterator;
import java.util.stream.Stream;

/** The words for what a certificate is about, for completion. */
final class GuaranteeWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Stream.of(Guarantee.values()).map(Guarantee::word).iterator();
  }
}
