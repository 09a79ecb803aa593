package dev.merlon.actors.cli.option;

import java.util.Iterator;
import java.util.List;

/** The ranges of pixels that may be named, for completion. */
final class RangeWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return List.of("0..1", "0..255").iterator();
  }
}
