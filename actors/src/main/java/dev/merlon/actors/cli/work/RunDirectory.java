package dev.merlon.actors.cli.work;

import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import dev.merlon.model.file.HeldFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a training run keeps its files. */
public final class RunDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
  private static final Path PARENT = Path.of("runs");

  /** What a run leaves behind that failed before it began. */
  private static final Set<String> TRACES =
      Set.of(LogFile.NAME, ".lock", ".lock" + HeldFile.HOLDER);

  private RunDirectory() {}

  /** The directory of a run that was given none. */
  public static Path usual(String name) {
    return PARENT.resolve(name);
  }

  /** The first of {@code runs/name}, {@code runs/name-2} and so on that is not in use. */
  public static Path unused(String name) {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(number -> usual(number == 1 ? name : name + "-" + number))
        .filter(directory -> !inUse(directory))
        .findFirst()
        .orElseThrow();
  }

  /**
   * Refuses a directory that already holds something, unless a run in it is to be resumed.
   *
   * @throws MerlonException (configuration)
   */
  public static void requireUsable(Path directory, boolean resume) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw MerlonException.configuration(
          directory + " is not a directory", "Choose another --run-dir.");
    }
    if (!resume && inUse(directory)) {
      throw MerlonException.configuration(
          "The run directory " + directory + " exists and is not empty",
          "Add --resume to go on with that run, or choose another --run-dir.");
    }
  }

  /**
   * Makes a directory and those above it, as far as they are missing.
   *
   * @throws MerlonException (configuration) if it cannot be made or written to
   */
  static Made make(Path directory) {
    List<Path> missing =
        Stream.iterate(directory.toAbsolutePath(), Objects::nonNull, Path::getParent)
            .takeWhile(folder -> !Files.exists(folder))
            .toList();
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, ".merlon", ""));
      return new Made(directory, missing);
    } catch (IOException unwritable) {
      new Made(directory, missing).undo();
      throw MerlonException.configuration(
          "The run directory " + directory + " cannot be written: " + FileReason.of(unwritable),
          "Make room there and the directory writable, or choose another --run-dir.");
    }
  }

  /**
   * A directory that was made for a run.
   *
   * @param folders it and those above it that were not there before, deepest first
   */
  record Made(Path directory, List<Path> folders) {
    /** Takes everything away again, unless a run began in it. */
    void undo() {
      try {
        if (!Files.exists(directory) || inUse(directory)) {
          return;
        }
        for (String trace : TRACES) {
          Files.deleteIfExists(directory.resolve(trace));
        }
        for (Path folder : folders) {
          Files.deleteIfExists(folder);
        }
      } catch (IOException | MerlonException kept) {
        LOG.debug("{} is not taken away", directory, kept);
      }
    }
  }

  private static boolean inUse(Path directory) {
    if (!Files.exists(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> !TRACES.contains(file.getFileName().toString()));
    } catch (IOException unreadable) {
      throw MerlonException.configuration(
          "The run directory " + directory + " cannot be read: " + FileReason.of(unreadable),
          "Make it readable, or choose another --run-dir.");
    }
  }
}
