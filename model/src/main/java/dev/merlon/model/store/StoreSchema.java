package dev.merlon.model.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * The tables of a store. Each version is a script that makes it from the one before; an older file
 * is copied beside itself and brought up to date in one transaction, by one process of those that
 * find it; a newer one is refused.
 *
 * @param scripts from an empty file to the newest version, one each
 */
record StoreSchema(List<String> scripts) {
  /** The schema that this program knows. */
  static StoreSchema current() {
    return new StoreSchema(List.of(script("schema-1.sql"), script("schema-2.sql")));
  }

  private int newest() {
    return scripts.size();
  }

  /**
   * Brings a file up to date.
   *
   * @throws dev.merlon.config.failure.MerlonException when it is newer than this program, or no
   *     store
   */
  void prepare(SqliteFile file, Connection connection, long now) throws SQLException {
    if (version(file, connection) < newest()) {
      WriteTransaction.run(connection, () -> bringUpToDate(file, connection, now));
    }
  }

  private int bringUpToDate(SqliteFile file, Connection connection, long now) throws SQLException {
    // Another process may have done it meanwhile; from here on nobody else writes.
    int from = version(file, connection);
    if (from == newest()) {
      return from;
    }
    if (from > 0) {
      file.copyBeside("-before-" + (from + 1));
    }
    for (int next = from; next < newest(); next++) {
      run(connection, scripts.get(next));
    }
    if (from == 0) {
      run(connection, "INSERT INTO meta (schema, created) VALUES (" + newest() + ", " + now + ")");
    } else {
      run(connection, "UPDATE meta SET schema = " + newest());
    }
    return newest();
  }

  /** The version of a file; 0 for an empty one. */
  private int version(SqliteFile file, Connection connection) throws SQLException {
    if (number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
      return 0;
    }
    if (number(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'meta'") == 0) {
      throw StoreProblem.unusable(file.file(), "it is a database of something else");
    }
    int version = number(connection, "SELECT schema FROM meta");
    if (version > newest()) {
      throw StoreProblem.unusable(
          file.file(),
          String.format(
              Locale.ROOT,
              "a newer Merlon wrote it (schema %d; this one knows %d)",
              version,
              newest()));
    }
    return version;
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static void run(Connection connection, String script) throws SQLException {
    String plain = script.replaceAll("(?m)^--.*$", "");
    try (Statement statement = connection.createStatement()) {
      for (String command : plain.split(";", -1)) {
        if (!command.isBlank()) {
          statement.executeUpdate(command);
        }
      }
    }
  }

  private static String script(String name) {
    try (InputStream text = StoreSchema.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
