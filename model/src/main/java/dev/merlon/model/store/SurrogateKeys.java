package dev.merlon.model.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The small numbers by which rows refer to each other. A number is remembered for one transaction
 * only: another process may take its row away after that. Not thread-safe.
 */
final class SurrogateKeys implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<List<Object>, Long> known = new HashMap<>();

  SurrogateKeys(Connection connection) {
    this.connection = connection;
  }

  /**
   * The columns of a row that together are unique, and their values: texts, numbers, digests in
   * hexadecimal.
   */
  record Unique(List<String> columns, List<Object> values) {
    static Unique of(String column, Object value) {
      return new Unique(List.of(column), List.of(value));
    }

    Unique and(String column, Object value) {
      return new Unique(joined(columns, column), joined(values, value));
    }

    private static <T> List<T> joined(List<T> some, T last) {
      return Stream.concat(some.stream(), Stream.of(last)).toList();
    }

    /** A place for each value in a statement; digests are kept as bytes. */
    private String places(String separator, String pattern) {
      return columns.stream()
          .map(column -> pattern.formatted(column, column.equals("sha256") ? "unhex(?)" : "?"))
          .collect(Collectors.joining(separator));
    }
  }

  /** Is told that a transaction begins. */
  void begin() {
    known.clear();
  }

  /** The number of a row, which is made where there is none. */
  long of(String table, Unique unique) throws SQLException {
    return of(table, unique, unique);
  }

  /**
   * The same for rows with other columns beside.
   *
   * @param whole with all of the columns, for a row that has to be made
   */
  long of(String table, Unique unique, Unique whole) throws SQLException {
    List<Object> name = List.of(table, unique);
    Optional<Long> remembered = Optional.ofNullable(known.get(name));
    if (remembered.isPresent()) {
      return remembered.get();
    }
    Optional<Long> found = find(table, unique);
    if (found.isEmpty()) {
      insert(table, whole);
      found = find(table, unique);
    }
    long number = found.orElseThrow(() -> new SQLException(table + " keeps no new row"));
    known.put(name, number);
    return number;
  }

  private Optional<Long> find(String table, Unique unique) throws SQLException {
    String matches = unique.places(" AND ", "%1$s = %2$s");
    PreparedStatement select =
        prepared("SELECT id FROM " + table + " WHERE " + matches, unique.values());
    try (ResultSet found = select.executeQuery()) {
      return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
    }
  }

  private void insert(String table, Unique whole) throws SQLException {
    String columns = String.join(", ", whole.columns());
    String places = whole.places(", ", "%2$s");
    prepared("INSERT INTO " + table + " (" + columns + ") VALUES (" + places + ")", whole.values())
        .executeUpdate();
  }

  private PreparedStatement prepared(String text, List<Object> values) throws SQLException {
    Optional<PreparedStatement> earlier = Optional.ofNullable(statements.get(text));
    PreparedStatement statement =
        earlier.isPresent() ? earlier.get() : connection.prepareStatement(text);
    statements.put(text, statement);
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
    return statement;
  }

  @Override
  public void close() {
    statements.values().forEach(Statements::close);
  }
}
