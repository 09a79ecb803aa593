package dev.merlon.model.checkpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that appear complete or not at all: written beside under another name, synced, checked,
 * renamed, and the directory synced. A crash at any moment leaves the old file or the new one, and
 * at most a left-over with the ending {@link #PARTIAL}, which the next write of that file replaces.
 */
public final class AtomicFile {
  /** The ending of files that are being written. */
  public static final String PARTIAL = ".part";

  private AtomicFile() {}

  /** Produces a file's bytes. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Looks at a written file before it gets its name. */
  @FunctionalInterface
  public interface Check {
    /** Throws if the file is not as it should be. */
    void verify(Path written) throws IOException;
  }

  /** Writes these bytes. */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content), written -> {});
  }

  /**
   * Writes, checks and renames.
   *
   * @param target the file's name; its directory must exist
   * @throws IOException if any part fails; {@code target} is then as it was before
   */
  public static void write(Path target, Content content, Check check) throws IOException {
    Path partial = target.resolveSibling(target.getFileName() + PARTIAL);
    try {
      writeSynced(partial, content);
      check.verify(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(target.toAbsolutePath().resolveSibling(""));
    } catch (IOException | RuntimeException failed) {
      deleteAfter(failed, partial);
      throw failed;
    }
  }

  private static void writeSynced(Path file, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  // Without this a rename may be lost with the power. Only POSIX systems can open a directory.
  private static void syncDirectory(Path directory) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void deleteAfter(Exception failed, Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }
}
