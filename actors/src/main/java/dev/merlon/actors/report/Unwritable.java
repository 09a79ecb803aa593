package dev.merlon.actors.report;

import dev.merlon.config.Failure;
import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import java.io.IOException;

/** The failures of files of a report: a disk without room is no mistake of the user's. */
final class Unwritable {
  private Unwritable() {}

  /**
   * Something cannot be written.
   *
   * @param what such as {@code The report cannot be written to runs/demo}
   */
  static MerlonException of(String what, String remedy, IOException problem) {
    String message = what + ": " + FileReason.of(problem);
    return new MerlonException(
        FileReason.isFullDisk(problem)
            ? new Failure.Device(message, remedy)
            : new Failure.Configuration(message, remedy),
        problem);
  }
}
