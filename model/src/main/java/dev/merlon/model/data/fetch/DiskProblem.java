package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Locale;

/** The failures of a directory that has no room or cannot be written. */
final class DiskProblem {
  private static final double MEGABYTE = 1e6;

  private DiskProblem() {}

  /** A file or directory cannot be written: no room, no permission, or a broken disk. */
  static MerlonException writing(Path path, IOException problem) {
    if (problem instanceof ClosedByInterruptException) {
      return stopped(path, problem);
    }
    if (FileReason.isFullDisk(problem)) {
      return new MerlonException(
          new Failure.Device(
              path + " cannot be written: the disk is full",
              "Make room and run the same command again; what is there is kept."),
          problem);
    }
    return new MerlonException(
        new Failure.Configuration(
            path + " cannot be written: " + FileReason.of(problem),
            "Make its directory writable, or name another one."),
        problem);
  }

  /**
   * There is less room than needed.
   *
   * @param needed bytes
   * @param usable bytes
   */
  static MerlonException room(Path directory, long needed, long usable) {
    return MerlonException.device(
        String.format(
            Locale.ROOT,
            "%s needs %,.0f MB of free disk space and has %,.0f MB",
            directory,
            Math.ceil(needed / MEGABYTE),
            Math.floor(usable / MEGABYTE)),
        "Make room, or name a directory on another disk.");
  }

  /** Somebody asked this thread to stop. */
  static MerlonException stopped(Path directory, Exception cause) {
    return new MerlonException(
        new Failure.Cancelled(
            "Stopped; what was downloaded is kept in " + directory,
            "Run the same command again to go on."),
        cause);
  }
}
