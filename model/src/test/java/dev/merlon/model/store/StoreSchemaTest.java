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
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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

  private static final Set<String> CHANGES = Set.of("prepareStatement", "execute", "executeUpdate");

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
  void prepare_fileThatAnotherProcessMigratesMeanwhile_leavesItAndItsCopyAlone() throws Exception {
    SqliteFile file = old();
    try (Connection first = file.connect();
        Connection second = file.connect()) {
      Connection late = beforeItsFirstChange(second, () -> with(ADDED).prepare(file, first, 2));

      with(ADDED).prepare(file, late, 3);

      assertThat(number(second, "SELECT schema FROM meta")).isEqualTo(NEXT);
    }
    assertThat(copies()).containsExactly("old.db-before-" + NEXT);
    assertThat(schema(copies().get(0))).isEqualTo(NEXT - 1);
  }

  @Test
  void prepare_byManyAtOnce_isDoneOnce() throws Exception {
    SqliteFile file = old();
    List<FutureTask<Boolean>> all = new ArrayList<>();
    try (Connection writing = file.connect()) {
      WriteTransaction.execute(writing, "BEGIN IMMEDIATE");
      for (int n = 0; n < 4; n++) {
        all.add(started(() -> prepared(file)));
      }
      WriteTransaction.execute(writing, "COMMIT");
    }

    for (FutureTask<Boolean> each : all) {
      assertThat(each.get()).isTrue();
    }
    assertThat(copies()).containsExactly("old.db-before-" + NEXT);
    assertThat(schema(copies().get(0))).isEqualTo(NEXT - 1);
  }

  private static boolean prepared(SqliteFile file) throws SQLException {
    try (Connection connection = file.connect()) {
      with(ADDED).prepare(file, connection, 2);
      return number(connection, "SELECT schema FROM meta") == NEXT;
    }
  }

  private static <T> FutureTask<T> started(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task;
  }

  @Test
  void prepare_olderFileBesideACopy_keepsBothForTheirOwnerAlone() throws Exception {
    SqliteFile file = old();
    Path earlier = Files.writeString(folder.resolve("old.db-before-" + NEXT), "of last week");
    Files.writeString(folder.resolve("old.db-before-" + NEXT + ".part"), "torn");
    try (Connection connection = file.connect()) {
      with(ADDED).prepare(file, connection, 2);
    }

    String second = "old.db-before-" + NEXT + ".2";
    assertThat(copies()).containsExactly(earlier.getFileName().toString(), second);
    assertThat(earlier).hasContent("of last week");
    assertThat(schema(second)).isEqualTo(NEXT - 1);
    assertThat(Files.getPosixFilePermissions(folder.resolve(second)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** What somebody else does. */
  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  /** The connection, but that something else happens after it has read and before it changes. */
  private static Connection beforeItsFirstChange(Connection connection, Step step) {
    AtomicBoolean happened = new AtomicBoolean();
    return watched(
        Connection.class,
        connection,
        () -> {
          if (!happened.getAndSet(true)) {
            step.run();
          }
        });
  }

  private static <T> T watched(Class<T> type, T real, Step beforeChanges) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (CHANGES.contains(method.getName())) {
            beforeChanges.run();
          }
          Object result = method.invoke(real, arguments);
          return method.getName().equals("createStatement")
              ? watched(Statement.class, (Statement) result, beforeChanges)
              : result;
        };
    return type.cast(
        Proxy.newProxyInstance(
            StoreSchemaTest.class.getClassLoader(), new Class<?>[] {type}, handler));
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

  private List<String> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(copy -> copy.getFileName().toString())
          .filter(name -> name.contains("-before-"))
          .sorted()
          .toList();
    }
  }

  private int schema(String copy) throws SQLException {
    try (Connection connection = new SqliteFile(folder.resolve(copy)).connect()) {
      return number(connection, "SELECT schema FROM meta");
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
