package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A data set's directory into which an archive is unpacked: what is there already, and how the
 * files get there. They are unpacked beside their places and moved there when all are complete.
 */
final class Archive {
  static final String STAGING = ".merlon-unpacking";

  private final Path directory;
  private final PublishedFile file;
  private final ArchiveLayout layout;

  Archive(Path directory, PublishedFile file, ArchiveLayout layout) {
    this.directory = directory;
    this.file = file;
    this.layout = layout;
  }

  /**
   * Whether everything is unpacked already; every byte is compared.
   *
   * @throws MerlonException (configuration) if files of these names are there that were not put
   *     there by a fetch, or were changed since
   */
  boolean isUnpacked() {
    try {
      Optional<Receipt> receipt =
          Receipt.in(directory).filter(found -> found.archive().equals(file.sha256()));
      Optional<String> contents = receipt.flatMap(Receipt::contents);
      if (contents.isPresent()) {
        if (contents.get().equals(Contents.digest(directory, layout.wanted()))) {
          return true;
        }
        throw inTheWay("was changed or damaged after it was fetched", anyOfIts());
      }
      if (receipt.isEmpty() && anyOfIts().isPresent()) {
        throw inTheWay("is there already and did not come from a fetch", anyOfIts());
      }
      return false;
    } catch (IOException unreadable) {
      throw DiskProblem.writing(directory, unreadable);
    }
  }

  /**
   * Unpacks the archive that lies in the directory.
   *
   * @throws MerlonException (data) if the archive is not what it should be, (configuration, device)
   *     if the directory cannot be written
   */
  void unpack(FetchListener listener) throws IOException {
    Path staging = directory.resolve(STAGING);
    Contents.delete(staging);
    Files.createDirectory(staging);
    try {
      new Unpacking(directory.resolve(file.name()), layout, staging, listener).run();
      String contents = Contents.digest(staging, layout.wanted());
      new Receipt(file.sha256(), Optional.empty()).put(directory);
      for (String name : layout.wanted()) {
        Contents.delete(directory.resolve(name));
        Files.move(staging.resolve(name), directory.resolve(name));
      }
      new Receipt(file.sha256(), Optional.of(contents)).put(directory);
    } finally {
      Contents.delete(staging);
    }
  }

  private Optional<Path> anyOfIts() {
    return layout.wanted().stream()
        .map(directory::resolve)
        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  private MerlonException inTheWay(String what, Optional<Path> found) {
    String remedy =
        found.isPresent()
            ? "Delete it, with the other files of the data set, or name another directory."
            : "Delete " + directory.resolve(Receipt.NAME) + " and run the command again.";
    return MerlonException.configuration(found.orElse(directory) + " " + what, remedy);
  }
}
