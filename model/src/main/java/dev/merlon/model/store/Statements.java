package dev.merlon.model.store;

import java.sql.SQLException;
import java.sql.Statement;

/** Statements at their end. */
final class Statements {
  private Statements() {}

  /** Closes one, of whatever it still complains: its own failure was told when it happened. */
  static void close(Statement statement) {
    try {
      statement.close();
    } catch (SQLException late) {
      // SQLite repeats why the statement failed before.
    }
  }
}
