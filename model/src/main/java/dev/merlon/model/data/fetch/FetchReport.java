package dev.merlon.model.data.fetch;

import dev.merlon.config.data.DataKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a fetch came to.
 *
 * @param directory where the data set lies now
 * @param files each published file
 * @param unpacked whether an archive was unpacked
 */
public record FetchReport(DataKind kind, Path directory, List<Fetched> files, boolean unpacked) {

  /** Copies the list. */
  public FetchReport {
    files = List.copyOf(files);
  }

  /**
   * A published file that is there now.
   *
   * @param from where its last byte came from; empty = it was there before
   * @param kept bytes of it that were there before that place was asked
   */
  public record Fetched(PublishedFile file, Optional<URI> from, long kept) {}
}
