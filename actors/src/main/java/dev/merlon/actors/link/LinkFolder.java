package dev.merlon.actors.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The private folder of one process for the sockets of its children. A socket's path may have 107
 * bytes, so it lies in the system's folder for such things, never beside data.
 */
public final class LinkFolder implements AutoCloseable {
  private static final int LONGEST_PATH = 107;
  private static final String PREFIX = "merlon-";

  private final Path folder;
  private final AtomicInteger sockets = new AtomicInteger();

  private LinkFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes one.
   *
   * @throws IOException when no folder can be made, or its path is too long
   */
  public static LinkFolder make() throws IOException {
    Optional<Path> runtime =
        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
            .map(Path::of)
            .filter(path -> path.isAbsolute() && Files.isWritable(path));
    return makeIn(runtime.orElse(Path.of("/tmp")));
  }

  /** As above, below a folder. */
  static LinkFolder makeIn(Path parent) throws IOException {
    Path folder =
        Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    LinkFolder made = new LinkFolder(folder);
    if (made.path(Integer.MAX_VALUE).toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      made.close();
      throw new IOException(parent + " is too long a name for sockets in it");
    }
    return made;
  }

  /** A path for one more socket. */
  Path next() {
    return path(sockets.incrementAndGet());
  }

  private Path path(int number) {
    return folder.resolve(Integer.toString(number));
  }

  /** Removes it with what is left in it. */
  @Override
  public void close() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> left = Files.list(folder)) {
      for (Path socket : left.toList()) {
        Files.deleteIfExists(socket);
      }
    }
    Files.deleteIfExists(folder);
  }
}
