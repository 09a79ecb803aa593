package dev.merlon.model.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Transactions that take the lock of writers at their begin, so that what they read is still so
 * when they write. The driver's own would hold it between transactions, too.
 */
final class WriteTransaction {
  private WriteTransaction() {}

  /** What is done inside one. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T run() throws SQLException;
  }

  /** Does all of it, or, when it throws, nothing. */
  static <T> T run(Connection connection, Work<T> work) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
    try {
      T result = work.run();
      execute(connection, "COMMIT");
      return result;
    } catch (SQLException | RuntimeException failed) {
      try {
        execute(connection, "ROLLBACK");
      } catch (SQLException alreadyRolledBack) {
        failed.addSuppressed(alreadyRolledBack);
      }
      throw failed;
    }
  }

  /** Executes one command. */
  static void execute(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
