package dev.merlon.model.data.fetch;

import dev.merlon.config.data.DataKind;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A data set as its authors published it.
 *
 * @param title what people call it
 * @param mirrors places that hold all its files under their names, the first one to be asked first;
 *     each ends with a slash
 * @param files what is downloaded
 * @param archive how the only file is unpacked; empty = the files are used as they are
 */
record Publication(
    DataKind kind,
    String title,
    List<URI> mirrors,
    List<PublishedFile> files,
    Optional<ArchiveLayout> archive) {

  Publication {
    mirrors = List.copyOf(mirrors);
    files = List.copyOf(files);
    if (archive.isPresent() && files.size() != 1) {
      throw new IllegalArgumentException("an archive is one file, not " + files.size());
    }
  }

  /** The same from one other place. */
  Publication from(URI mirror) {
    return new Publication(kind, title, List.of(mirror), files, archive);
  }
}
