package dev.merlon.actors.cli.option;

import dev.merlon.config.data.DataKind;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/** What {@code --data} begins with, for completion: the kinds, with a colon where files follow. */
final class DataWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(DataKind.values())
        .map(kind -> kind.name().toLowerCase(Locale.ROOT) + (kind.files() ? ":" : ""))
        .iterator();
  }
}
