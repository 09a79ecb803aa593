package dev.merlon.config.failure;

import java.io.IOException;
import java.nio.file.Path;

/** The failure of a file that cannot be read. */
public final class Unreadable {
  private Unreadable() {}

  /** A file of data that the file system does not give. */
  public static MerlonException of(Path file, String remedy, IOException problem) {
    return new MerlonException(
        new Failure.Data(file + " cannot be read: " + FileReason.of(problem), remedy), problem);
  }
}
