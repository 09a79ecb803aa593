package dev.merlon.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
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
  private static final int NEXT = StoreSchema.current().scripts().size() + 1;
  private static final String ADDED = "ALTER TABLE prover ADD COLUMN cores INTEGER;";
  private static final String BROKEN = "ALTER TABLE prover ADD COLUMN cores INTEGER; NONSENSE;";

  // SHA-256 of the float32 numbers 1, 1.
  private static final String INPUT =
      QueryKey.of(StoreExamples.MODEL, StoreExamples.query(1)).input();
  private static final String RUNGS =
      "predict,ibp,crown-ibp,pgd,crown,alpha-crown,targeted-pgd,bab";
  private static final Outcome AT_PARAMETERS =
      new Outcome.Falsified(
          Rung.PGD, Counterexample.at(Candidate.of(new float[] {0.5f, 1}, 0.1, -3)).seenAs(1));

  // What the first schema held of query(1), falsified.
  private static final List<String> FIRST_ROWS =
      List.of(
          "INSERT INTO blob VALUES (1, unhex('" + "ab".repeat(32) + "'), 'net.onnx')",
          "INSERT INTO model VALUES (1, 1, '')",
          "INSERT INTO input VALUES (1, unhex('" + INPUT + "'))",
          "INSERT INTO question VALUES (1, 'linf:0x1.999999999999ap-4 clip [0,1]', 'real')",
          "INSERT INTO effort VALUES (1, '" + RUNGS + "', 'quick', 0, 1000)",
          "INSERT INTO prover VALUES (1, '1.0', '', '', 1)",
          "INSERT INTO verdict VALUES (1, 1, 1, 0, 1, 'falsified', 'pgd', 0, NULL, NULL,"
              + " unhex('0000003f0000803f'), 1, 1, 12.5, 3)");

  @TempDir private Path folder;

  @Test
  void open_fileOfTheFirstSchema_answersWhatItHeldAndKeepsParametersNow() throws SQLException {
    Path path = folder.resolve("first.db");
    SqliteFile file = SqliteFile.at(path);
    try (Connection connection = file.connect()) {
      new StoreSchema(StoreSchema.current().scripts().subList(0, 1)).prepare(file, connection, 1);
      for (String row : FIRST_ROWS) {
        WriteTransaction.execute(connection, row);
      }
    }

    try (CertificateStore store = CertificateStore.open(path, StoreExamples.MERLON)) {
      Facts facts = StoreExamples.facts(store, StoreExamples.WHOLE);
      assertThat(facts.known(List.of(StoreExamples.query(1))))
          .extracting(Verdict::outcome)
          .containsExactly(StoreExamples.falsified(Rung.PGD, 0.5f));
      facts.known(List.of(StoreExamples.query(2)));
      facts.record(List.of(StoreExamples.verdict(StoreExamples.query(2), AT_PARAMETERS)));
    }

    try (CertificateStore store = CertificateStore.open(path, StoreExamples.MERLON)) {
      assertThat(
              StoreExamples.facts(store, StoreExamples.WHOLE)
                  .known(List.of(StoreExamples.query(1), StoreExamples.query(2))))
          .extracting(Verdict::outcome)
          .containsExactly(StoreExamples.falsified(Rung.PGD, 0.5f), AT_PARAMETERS);
    }
  }

  @Test
  void prepare_olderFile_isBroughtUpToDateBesideACopy() throws SQLException {
    SqliteFile file = old();
    try (Connection connection = file.connect()) {
      with(ADDED).prepare(file, connection, 2);

      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(NEXT);
      assertThat(number(connection, "SELECT created FROM meta")).isEqualTo(1);
      assertThat(number(connection, "SELECT count(cores) + count(*) FROM prover")).isEqualTo(1);
    }
    SqliteFile copy = new SqliteFile(Path.of(file.file() + "-before-" + NEXT));
    try (Connection connection = copy.connect()) {
      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(NEXT - 1);
      assertThat(number(connection, "SELECT count(*) FROM prover")).isEqualTo(1);
    }
  }

  @Test
  void prepare_stepThatFails_leavesTheFileAsItWas() throws SQLException {
    SqliteFile file = old();
    try (Connection connection = file.connect()) {
      assertThatThrownBy(() -> with(BROKEN).prepare(file, connection, 2))
          .isInstanceOf(SQLException.class);

      assertThat(number(connection, "SELECT schema FROM meta")).isEqualTo(NEXT - 1);
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
          .hasMessageContaining(
              "a newer Merlon wrote it (schema " + NEXT + "; this one knows " + (NEXT - 1) + ")");
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
