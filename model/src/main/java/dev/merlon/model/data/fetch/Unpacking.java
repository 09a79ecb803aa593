package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.fetch.ArchiveFormat.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Unpacks one archive into an empty directory and nowhere else. An archive that names places
 * outside of it, holds links or devices, or unpacks to more than its layout allows, is refused as a
 * whole.
 */
final class Unpacking {
  private static final int BUFFER = 1 << 16;

  private final Path archive;
  private final ArchiveLayout layout;
  private final Path into;
  private final FetchListener listener;
  private final byte[] buffer = new byte[BUFFER];
  private long bytes;
  private int files;

  Unpacking(Path archive, ArchiveLayout layout, Path into, FetchListener listener) {
    this.archive = archive;
    this.layout = layout;
    this.into = into;
    this.listener = listener;
  }

  /**
   * Unpacks what the layout wants.
   *
   * @throws MerlonException (data) if the archive is not what it should be
   * @throws IOException if it cannot be read, or the directory cannot be written
   */
  void run() throws IOException {
    layout.format().each(archive, this::unpack);
    for (String name : layout.wanted()) {
      if (!Files.exists(into.resolve(name))) {
        throw refused("has no " + layout.top() + "/" + name);
      }
    }
  }

  private void unpack(String name, Content content, InputStream data) throws IOException {
    requireHarmless(name);
    if (content == Content.OTHER) {
      throw refused("holds '" + name + "', which is a link or no plain file");
    }
    Optional<String> path = wanted(name);
    if (path.isEmpty()) {
      return;
    }
    Path target = into.resolve(path.get()).normalize();
    if (!target.startsWith(into)) {
      throw refused("names a place outside of it, '" + name + "'");
    }
    if (content == Content.FOLDER) {
      Files.createDirectories(target);
    } else {
      Files.createDirectories(target.resolveSibling(""));
      copy(name, data, target);
      listener.at(files, path.get());
    }
  }

  // The path below the directory, of an entry that is to be unpacked.
  private Optional<String> wanted(String name) {
    String path =
        Stream.of(name.split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .reduce((left, right) -> left + "/" + right)
            .orElse("");
    String top = layout.top() + "/";
    if (!path.startsWith(top)) {
      return Optional.empty();
    }
    String below = path.substring(top.length());
    String first = below.split("/", -1)[0];
    return layout.wanted().contains(first) ? Optional.of(below) : Optional.empty();
  }

  private void requireHarmless(String name) {
    boolean climbs = Stream.of(name.split("/", -1)).anyMatch(".."::equals);
    if (climbs || name.startsWith("/") || name.matches("(?s).*[\\\\:\\x00].*")) {
      throw refused("names a place outside of it, '" + name + "'");
    }
  }

  private void copy(String name, InputStream data, Path target) throws IOException {
    files++;
    if (files > 2 * layout.files()) {
      throw refused("holds more than " + layout.files() + " files");
    }
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = data.read(buffer); read >= 0; read = data.read(buffer)) {
        bytes += read;
        if (bytes > 2 * layout.diskBytes()) {
          throw refused(
              String.format(Locale.ROOT, "unpacks to more than %,d bytes", 2 * layout.diskBytes()));
        }
        out.write(buffer, 0, read);
      }
    } catch (FileAlreadyExistsException twice) {
      throw refused("holds '" + name + "' twice");
    }
  }

  private MerlonException refused(String problem) {
    return MerlonException.data(
        archive + " " + problem + ": nothing of it was unpacked", "Delete it and fetch it again.");
  }
}
