package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.PrintedStream;
import dev.merlon.actors.verification.Results;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What {@code --out} names.
 *
 * @param path as it was typed
 * @param opening what becomes of verdicts that a file holds already
 */
public record VerdictTarget(Path path, Kind kind, VerdictFile.Opening opening) {
  private static final int OUT = 1;
  private static final int ERR = 2;

  /** What a path is. */
  public enum Kind {
    /** A file on a disk, there or not. */
    FILE,
    /** A pipe, a terminal or another thing that only takes. */
    DEVICE,
    /** The standard output of this process. */
    STANDARD_OUTPUT,
    /** The standard error of this process. */
    STANDARD_ERROR
  }

  /** What a path names on this machine, in this process. */
  public static VerdictTarget of(Path path, VerdictFile.Opening opening) {
    return new VerdictTarget(path, kind(path), opening);
  }

  /** Where verdicts are written. */
  public Results results(Console console) {
    return switch (kind) {
      case FILE -> new Results.File(path, opening);
      case DEVICE ->
          new Results.Stream(
              path.toString(), () -> Files.newOutputStream(path, StandardOpenOption.WRITE));
      case STANDARD_OUTPUT ->
          new Results.Stream("standard output", () -> new PrintedStream(console.out()));
      case STANDARD_ERROR ->
          new Results.Stream("standard error", () -> new PrintedStream(console.err()));
    };
  }

  /** Where tables go: standard output has nothing but verdicts where these go there. */
  Console tables(Console console) {
    return kind == Kind.STANDARD_OUTPUT ? console.withResultsAmongTalk() : console;
  }

  /** The file that keeps verdicts, if one does. */
  Optional<Path> file() {
    return Optional.of(path).filter(named -> kind == Kind.FILE);
  }

  private static Kind kind(Path path) {
    if (isDescriptor(path, OUT)) {
      return Kind.STANDARD_OUTPUT;
    }
    if (isDescriptor(path, ERR)) {
      return Kind.STANDARD_ERROR;
    }
    boolean keeps = !Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path);
    return keeps ? Kind.FILE : Kind.DEVICE;
  }

  // By its name, or as another name of what the descriptor leads to: a file that a shell sends
  // standard output to must not be written to at two places at once.
  private static boolean isDescriptor(Path path, int number) {
    String typed = path.toAbsolutePath().normalize().toString();
    Path descriptor = Path.of("/dev/fd/" + number);
    boolean named =
        typed.equals(number == OUT ? "/dev/stdout" : "/dev/stderr")
            || typed.equals(descriptor.toString())
            || typed.equals("/proc/self/fd/" + number);
    try {
      return named || (Files.exists(path) && Files.isSameFile(path, descriptor));
    } catch (IOException closedOrUnknown) {
      return false;
    }
  }
}
