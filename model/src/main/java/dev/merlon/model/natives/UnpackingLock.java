package dev.merlon.model.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The right to unpack into a folder, which one thread of one process has at a time. Whoever gets it
 * deletes what a process that died while unpacking has left.
 */
final class UnpackingLock implements AutoCloseable {
  /** How the names of unfinished folders begin, DJL's too. */
  static final String UNFINISHED = "tmp";

  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel lock;

  private UnpackingLock(FileChannel lock) {
    this.lock = lock;
  }

  /** Waits until nobody else unpacks into this folder. */
  static UnpackingLock in(Path folder) throws IOException {
    THREADS.lock();
    try {
      FileChannel lock =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      try (Stream<Path> entries = Files.list(folder)) {
        entries.filter(UnpackingLock::isLeftOver).forEach(UnpackingLock::delete);
      }
      return new UnpackingLock(lock);
    } catch (IOException | RuntimeException impossible) {
      THREADS.unlock();
      throw impossible;
    }
  }

  static boolean isLeftOver(Path entry) {
    return entry.getFileName().toString().startsWith(UNFINISHED);
  }

  /** Deletes a folder with everything in it. */
  static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> inwards = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path entry : inwards) {
        Files.delete(entry);
      }
    } catch (IOException kept) {
      throw new UncheckedIOException(folder + " cannot be deleted", kept);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      THREADS.unlock();
    }
  }
}
