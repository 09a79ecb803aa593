package dev.merlon.config.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The user that this process is, by number: some users have no name and no home. */
final class ProcessOwner {
  private static final Path PROCESS = Path.of("/proc/self");

  private ProcessOwner() {}

  /** Whether files here have numbered owners at all. */
  static boolean isNumbered() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  }

  /** A name for the user that no other user has. */
  static String name() {
    return isNumbered() ? Integer.toString(number()) : System.getProperty("user.name");
  }

  /** The user's number. */
  static int number() {
    try {
      OptionalInt known = Files.exists(PROCESS) ? OptionalInt.of(of(PROCESS)) : OptionalInt.empty();
      return known.isPresent() ? known.getAsInt() : ofNewFile();
    } catch (IOException unknown) {
      throw new UncheckedIOException("who runs this process cannot be found out", unknown);
    }
  }

  /** The number of a file's owner. */
  static int of(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  private static int ofNewFile() throws IOException {
    Path probe = Files.createTempFile("merlon", "");
    try {
      return of(probe);
    } finally {
      Files.delete(probe);
    }
  }
}
