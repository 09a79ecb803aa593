package dev.merlon.actors.cli.command;

import dev.merlon.config.data.DataKind;
import dev.merlon.model.data.fetch.Publications;
import java.util.Iterator;

/** What can be fetched, for completion. */
final class FetchWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Publications.kinds().stream().map(DataKind::word).iterator();
  }
}
