package dev.merlon.actors.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The private folder of one process for the sockets of its children. A socket's path may have 107
 * bytes, so it lies in the system's folder for such things, never beside data. Its owner holds a
 * lock in it, by which the next process knows what one that was killed has left behind, and removes
 * it.
 */
public final class LinkFolder implements AutoCloseable {
  private static final int LONGEST_PATH = 107;
  private static final String PREFIX = "merlon-link-";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lock;
  private final AtomicInteger sockets = new AtomicInteger();

  private LinkFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
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

  /** As above, in another folder. */
  static LinkFolder makeIn(Path parent) throws IOException {
    sweep(parent);
    Path folder =
        Files.createTempDirectory(
            parent,
            PREFIX,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    LinkFolder made = new LinkFolder(folder, locked(folder));
    if (made.path(Integer.MAX_VALUE).toString().getBytes(UTF_8).length > LONGEST_PATH) {
      made.close();
      throw new IOException(parent + " is too long a name for sockets in it");
    }
    return made;
  }

  private static FileChannel locked(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileLock held = channel.lock();
    if (!held.isValid()) {
      throw new IOException("the lock in " + folder + " cannot be held");
    }
    return channel;
  }

  private static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isLeft(folder)) {
          remove(folder);
        }
      }
    }
  }

  // One that is just being made has no lock yet, and stays.
  private static boolean isLeft(Path folder) {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException | OverlappingFileLockException inUseOrAnothers) {
      return false;
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path socket : left.toList()) {
        Files.deleteIfExists(socket);
      }
    }
    Files.deleteIfExists(folder);
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
    if (lock.isOpen()) {
      remove(folder);
      lock.close();
    }
  }
}
