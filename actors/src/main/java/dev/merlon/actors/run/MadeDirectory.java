package dev.merlon.actors.run;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that was made for a run.
 *
 * @param folders it and those above it that were not there before, deepest first
 */
public record MadeDirectory(RunDirectory run, List<Path> folders) {
  private static final Logger LOG = LoggerFactory.getLogger(MadeDirectory.class);

  /** Copies the list. */
  public MadeDirectory {
    folders = List.copyOf(folders);
  }

  /**
   * Makes a directory and those above it, as far as they are missing.
   *
   * @throws MerlonException (configuration) if it cannot be made or written to
   */
  public static MadeDirectory of(RunDirectory run) {
    Path directory = run.path();
    List<Path> missing =
        Stream.iterate(directory.toAbsolutePath(), Objects::nonNull, Path::getParent)
            .takeWhile(folder -> !Files.exists(folder))
            .toList();
    MadeDirectory made = new MadeDirectory(run, missing);
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, ".merlon", ""));
      return made;
    } catch (IOException unwritable) {
      made.undo();
      throw new MerlonException(
          new Failure.Configuration(
              "The run directory " + directory + " cannot be written: " + FileReason.of(unwritable),
              "Make room there and the directory writable, or choose another --run-dir."),
          unwritable);
    }
  }

  /** Takes everything away again, unless a run began in it. */
  public void undo() {
    try {
      if (!Files.exists(run.path()) || run.inUse()) {
        return;
      }
      for (Path trace : run.traces()) {
        Files.deleteIfExists(trace);
      }
      for (Path folder : folders) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException | MerlonException kept) {
      LOG.debug("{} is not taken away", run, kept);
    }
  }
}
