package dev.merlon.model.data;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The failures of files that are there but not as they should be, and of directories that are not.
 */
final class FileProblem {
  private FileProblem() {}

  /**
   * A file is not what it should be.
   *
   * @param problem goes on after the file's name
   */
  static MerlonException of(Path file, String problem) {
    return MerlonException.data(
        file + " " + problem, "Replace the file with an undamaged copy of the original download.");
  }

  /** A file cannot be read at all. */
  static MerlonException unreadable(Path file, IOException cause) {
    return Unreadable.of(file, "Check that the file exists and may be read.", cause);
  }

  /** A directory is missing, or is something else. */
  static MerlonException noDirectory(Path directory, String title) {
    return MerlonException.data(
        directory + (Files.exists(directory) ? " is not a directory" : " does not exist"),
        "Name the directory that holds " + title + ".");
  }
}
