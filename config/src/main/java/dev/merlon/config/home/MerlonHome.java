package dev.merlon.config.home;

import dev.merlon.config.failure.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of caches and logs: {@code MERLON_HOME} where it is set, else {@code .merlon} in the
 * user's home where that can be written, else a private folder of this user's in the temporary one.
 *
 * @param folder absolute; need not exist
 * @param basis why it is this one
 */
public record MerlonHome(Path folder, Basis basis) {
  /** The variable that names the folder. */
  public static final String VARIABLE = "MERLON_HOME";

  private static final String NAME = ".merlon";

  /** What decided which folder it is. */
  public enum Basis {
    /** The variable {@value MerlonHome#VARIABLE}. */
    NAMED,
    /** The user's home folder. */
    USER,
    /** There is no home folder that can be written. */
    TEMPORARY
  }

  /**
   * What the choice depends on.
   *
   * @param environment variables
   * @param userHome the JVM's idea of the home folder, {@code ?} for users it does not know
   * @param temporary the folder of temporary files
   * @param user a name for this user that no other user has
   */
  public record Surroundings(
      Map<String, String> environment, String userHome, Path temporary, String user) {

    /** Those of this process. */
    static Surroundings ofProcess() {
      return new Surroundings(
          System.getenv(),
          System.getProperty("user.home", ""),
          Path.of(System.getProperty("java.io.tmpdir")),
          ProcessOwner.name());
    }
  }

  /**
   * The folder of this process.
   *
   * @throws MerlonException (configuration) where only the temporary folder is left and somebody
   *     else has the place there
   */
  public static MerlonHome ofProcess() {
    return of(Surroundings.ofProcess());
  }

  /**
   * The folder in these surroundings.
   *
   * @throws MerlonException as {@link #ofProcess}
   */
  public static MerlonHome of(Surroundings surroundings) {
    String named = surroundings.environment().getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return new MerlonHome(Path.of(named).toAbsolutePath().normalize(), Basis.NAMED);
    }
    return userHome(surroundings)
        .filter(MerlonHome::canHold)
        .map(home -> new MerlonHome(home.resolve(NAME), Basis.USER))
        .orElseGet(
            () -> {
              Path folder = surroundings.temporary().resolve("merlon-" + surroundings.user());
              return new MerlonHome(PrivateFolder.make(folder), Basis.TEMPORARY);
            });
  }

  /** The user's home folder as an absolute path: {@code HOME}, else what the JVM knows. */
  static Optional<Path> userHome(Surroundings surroundings) {
    String home = surroundings.environment().getOrDefault("HOME", "");
    Path path = Path.of(home.isEmpty() ? surroundings.userHome() : home);
    return path.isAbsolute() ? Optional.of(path) : Optional.empty();
  }

  /** Where commands without a run directory log to. */
  public Path logs() {
    return folder.resolve("log");
  }

  /** Where images are decoded to. */
  public Path images() {
    return folder.resolve("cache");
  }

  /** Where native libraries are unpacked to. */
  public Path natives() {
    return folder.resolve("native");
  }

  /** What to tell a user whose caches will not last; empty where they will. */
  public Optional<String> note() {
    return basis == Basis.TEMPORARY
        ? Optional.of(
            "Note: there is no home folder that can be written; caches and logs go to "
                + folder
                + ". Set MERLON_HOME to a folder that lasts.")
        : Optional.empty();
  }

  private static boolean canHold(Path home) {
    Path folder = home.resolve(NAME);
    Path written = Files.exists(folder) ? folder : home;
    return Files.isDirectory(written) && Files.isWritable(written);
  }
}
