package dev.merlon.actors.cli.option;

import dev.merlon.config.value.KnownNorm;
import java.util.Iterator;

/** The names of the norms, for help texts and completion. */
final class NormNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return KnownNorm.names().iterator();
  }
}
