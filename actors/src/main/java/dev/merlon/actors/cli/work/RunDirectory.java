package dev.merlon.actors.cli.work;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where a training run keeps its files. */
public final class RunDirectory {
  private static final Path PARENT = Path.of("runs");

  /** What a run leaves behind that failed before it began. */
  private static final Set<String> TRACES = Set.of(LogFile.NAME, ".lock");

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
      throw refused(directory + " is not a directory", "Choose another --run-dir.");
    }
    if (!resume && inUse(directory)) {
      throw refused(
          "The run directory " + directory + " exists and is not empty",
          "Add --resume to go on with that run, or choose another --run-dir.");
    }
  }

  private static boolean inUse(Path directory) {
    if (!Files.exists(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> !TRACES.contains(file.getFileName().toString()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static MerlonException refused(String message, String remedy) {
    return new MerlonException(new Failure.Configuration(message, remedy));
  }
}
