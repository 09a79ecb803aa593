package dev.merlon.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSchemaTest {
  private static final String ADDED = "ALTER TABLE prover ADD COLUMN cores INTEGER;";
  private static final String BROKEN = "ALTER TABLE prover ADD COLUMN cores INTEGER; NONSENSE;";

  @TempDir private Path folder;

  @Test
  void prepare_olderFile_isBroughtUpToDateBesideACopy() throws SQLException {
    SqliteFile file = old();
    try (Connection connection = file.connect()) {
      with(ADDED).prepare(file, connection, 2);

      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(2);
      assertThat(number(connection, "SELECT created FROM meta")).isEqualTo(1);
      assertThat(number(connection, "SELECT count(cores) + count(*) FROM prover")).isEqualTo(1);
    }
    SqliteFile copy = new SqliteFile(Path.of(file.file() + "-before-2"));
    try (Connection connection = copy.connect()) {
      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(1);
      assertThat(number(connection, "SELECT count(*) FROM prover")).isEqualTo(1);
    }
  }

  @Test
  void prepare_stepThatFails_leavesTheFileAsItWas() throws SQLException {
    SqliteFile file = old();
    try (Connection connection = file.connect()) {
      assertThatThrownBy(() -> with(BROKEN).prepare(file, connection, 2))
          .isInstanceOf(SQLException.class);

      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(1);
      assertThat(
              number(
                  connection,
                  "SELECT count(*) FROM pragma_table_info('prover')" + " WHERE name = 'cores'"))
          .isZero();
    }
  }

  @Test
  void prepare_newerFile_isRefusedWithBothVersions() throws SQLException {
    SqliteFile file = old();
    try (Connection connection = file.connect()) {
      with(ADDED).prepare(file, connection, 2);

      assertThatThrownBy(() -> StoreSchema.current().prepare(file, connection, 3))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("a newer Merlon wrote it (schema 2; this one knows 1)");
    }
  }

  @Test
  void prepare_databaseOfSomethingElse_isRefusedUntouched() throws SQLException {
    SqliteFile file = SqliteFile.at(folder.resolve("other.db"));
    try (Connection connection = file.connect()) {
      WriteTransaction.execute(connection, "CREATE TABLE songs (name TEXT)");

      assertThatThrownBy(() -> StoreSchema.current().prepare(file, connection, 1))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("it is a database of something else");
      assertThat(number(connection, "SELECT count(*) FROM sqlite_master")).isEqualTo(1);
    }
  }

  private SqliteFile old() throws SQLException {
    SqliteFile file = SqliteFile.at(folder.resolve("old.db"));
    try (Connection connection = file.connect()) {
      StoreSchema.current().prepare(file, connection, 1);
      WriteTransaction.execute(
          connection, "INSERT INTO prover (version, build, node) VALUES ('1', '', '')");
    }
    assertThat(Files.exists(file.file())).isTrue();
    return file;
  }

  private static StoreSchema with(String step) {
    List<String> scripts = new ArrayList<>(StoreSchema.current().scripts());
    scripts.add(step);
    return new StoreSchema(scripts);
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getInt(1) : -1;
    }
  }
}
