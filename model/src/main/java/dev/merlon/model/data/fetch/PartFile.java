package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.HeldFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The beginning of a file that is being downloaded, in {@code NAME.part} beside its place. It stays
 * when the download breaks off, and one process writes it at a time.
 */
final class PartFile implements AutoCloseable {
  static final String ENDING = ".part";

  private final Path path;
  private final HeldFile held;
  private final FileChannel channel;

  private PartFile(Path path, HeldFile held) {
    this.path = path;
    this.held = held;
    this.channel = held.channel();
  }

  /**
   * Opens what is there, or an empty one.
   *
   * @param target the complete file's place
   * @throws MerlonException if it cannot be written, or another process writes it
   */
  static PartFile of(Path target) {
    Path path = target.resolveSibling(target.getFileName() + ENDING);
    try {
      HeldFile held = HeldFile.take(path, holder -> written(path, holder));
      held.channel().position(held.channel().size());
      return new PartFile(path, held);
    } catch (IOException unwritable) {
      throw DiskProblem.writing(path, unwritable);
    }
  }

  private static MerlonException written(Path path, String holder) {
    return MerlonException.configuration(
        path + " is being written by " + holder, "Wait for it, or name another directory.");
  }

  Path path() {
    return path;
  }

  /** How many bytes there are. */
  long length() {
    try {
      return channel.position();
    } catch (IOException unreadable) {
      throw DiskProblem.writing(path, unreadable);
    }
  }

  /** Forgets the bytes from this one on. */
  void cutTo(long length) throws InterruptedException {
    changing(() -> channel.truncate(length).position(length));
  }

  /** Adds these bytes. */
  void append(List<ByteBuffer> bytes) throws InterruptedException {
    changing(
        () -> {
          for (ByteBuffer piece : bytes) {
            while (piece.hasRemaining()) {
              channel.write(piece);
            }
          }
          return channel;
        });
  }

  /** Gives the complete file its name, in one step, over what may have been there. */
  void become(Path target) throws InterruptedException {
    changing(
        () -> {
          channel.force(true);
          return Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        });
  }

  /** Writes no more; what is there stays. An empty file goes. */
  @Override
  public void close() {
    try {
      boolean empty = channel.isOpen() && channel.position() == 0;
      held.close();
      if (empty) {
        Files.deleteIfExists(path);
      }
    } catch (IOException unwritable) {
      throw DiskProblem.writing(path, unwritable);
    }
  }

  private void changing(Change change) throws InterruptedException {
    try {
      change.make();
    } catch (ClosedByInterruptException stopped) {
      Thread.interrupted();
      throw (InterruptedException)
          new InterruptedException("stopped while writing").initCause(stopped);
    } catch (IOException unwritable) {
      throw DiskProblem.writing(path, unwritable);
    }
  }

  @FunctionalInterface
  private interface Change {
    Object make() throws IOException;
  }
}
