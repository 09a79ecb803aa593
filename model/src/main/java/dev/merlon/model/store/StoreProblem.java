package dev.merlon.model.store;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What is said where a store cannot be used. */
final class StoreProblem {
  private static final String OTHERWISE =
      "Name another file with --store, or leave it out with --no-store.";
  private static final int PRIMARY = 0xff;

  private StoreProblem() {}

  /** It cannot be opened, for a reason in words. */
  static MerlonException unusable(Path file, String reason) {
    return MerlonException.configuration(message(file, reason), OTHERWISE);
  }

  /** The same for what SQLite said. */
  static MerlonException unusable(Path file, SQLException problem) {
    String message = message(file, reason(problem));
    return new MerlonException(
        isFull(problem)
            ? new Failure.Device(message, "Make room. " + OTHERWISE)
            : new Failure.Configuration(message, OTHERWISE),
        problem);
  }

  /** It broke while it was used. */
  static StoreLost broken(Path file, SQLException problem) {
    return new StoreLost(
        new Failure.Device(
            message(file, reason(problem)),
            "Make room or repair the disk; --no-store goes on without it."),
        problem);
  }

  private static String message(Path file, String reason) {
    return "The store of verdicts " + file + " cannot be used: " + reason;
  }

  private static boolean isFull(SQLException problem) {
    return code(problem).filter(code -> code == SQLiteErrorCode.SQLITE_FULL).isPresent();
  }

  private static String reason(SQLException problem) {
    return code(problem)
        .map(
            code ->
                switch (code) {
                  case SQLITE_FULL -> "no space left on the disk";
                  case SQLITE_READONLY -> "it cannot be written";
                  case SQLITE_CANTOPEN, SQLITE_PERM -> "it cannot be opened";
                  case SQLITE_NOTADB -> "it is no such store";
                  case SQLITE_CORRUPT -> "it is damaged";
                  case SQLITE_BUSY, SQLITE_LOCKED ->
                      "another process has been writing to it for too long";
                  default -> String.valueOf(problem.getMessage());
                })
        .orElseGet(() -> String.valueOf(problem.getMessage()));
  }

  /** The code without the details that SQLite adds in its upper bits. */
  private static Optional<SQLiteErrorCode> code(SQLException problem) {
    return problem instanceof SQLiteException known
        ? Optional.of(SQLiteErrorCode.getErrorCode(known.getResultCode().code & PRIMARY))
        : Optional.empty();
  }
}
