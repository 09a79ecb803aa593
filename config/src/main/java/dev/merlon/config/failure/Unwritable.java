package dev.merlon.config.failure;

import java.io.IOException;

/** The failures of files that are written: a disk without room is no mistake of the user's. */
public final class Unwritable {
  private Unwritable() {}

  /**
   * Something cannot be written.
   *
   * @param what such as {@code The report cannot be written to runs/demo}
   */
  public static MerlonException of(String what, String remedy, IOException problem) {
    String message = what + ": " + FileReason.of(problem);
    return new MerlonException(
        FileReason.isFullDisk(problem)
            ? new Failure.Device(message, remedy)
            : new Failure.Configuration(message, remedy),
        problem);
  }
}
