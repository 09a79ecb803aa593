package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.MODEL;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreWriterTest {
  private static final int LARGE = 100_000;

  @TempDir private Path folder;

  @Test
  void write_diskThatIsFull_saysSoAndGoesOnWhenThereIsRoom() throws SQLException {
    SqliteFile file = SqliteFile.at(folder.resolve("facts.db"));
    try (Connection reading = file.connect()) {
      StoreSchema.current().prepare(file, reading, 0);
      Connection writing = file.connect();
      WriteTransaction.execute(writing, "PRAGMA max_page_count = 30");
      try (StoreWriter writer = StoreWriter.start(file, writing)) {
        FactWriter.Entry large = entry("1", new float[LARGE]);
        FactWriter.Entry small = entry("2", new float[1]);

        assertThatThrownBy(() -> writer.write(List.of(small, large)))
            .isInstanceOfSatisfying(
                MerlonException.class,
                thrown -> assertThat(thrown.failure().code()).isEqualTo("device"))
            .hasMessageContaining("no space left on the disk");
        assertThat(stored(reading, small.key())).as("all of a batch or nothing").isEmpty();

        assertThat(writer.write(List.of(small))).containsExactly(Optional.empty());
        assertThat(stored(reading, small.key())).isPresent();
      }
    }
  }

  @Test
  void write_severalWritersInOneTransaction_eachLearnsOfItsOwn() throws Exception {
    SqliteFile file = SqliteFile.at(folder.resolve("facts.db"));
    try (Connection reading = file.connect()) {
      StoreSchema.current().prepare(file, reading, 0);
      try (StoreWriter writer = StoreWriter.start(file, file.connect())) {
        writer.write(List.of(entry("1", new float[1])));
        WriteTransaction.execute(reading, "BEGIN IMMEDIATE");
        List<FactWriter.Entry> waiting =
            List.of(entry("2", new float[1]), entry("3", new float[1]), contradicting("1"));
        List<FutureTask<List<Optional<String>>>> writing = new ArrayList<>();
        for (FactWriter.Entry each : waiting) {
          writing.add(started(() -> writer.write(List.of(each))));
        }
        WriteTransaction.execute(reading, "COMMIT");

        assertThat(writing.get(0).get()).containsExactly(Optional.empty());
        assertThat(writing.get(1).get()).containsExactly(Optional.empty());
        assertThat(writing.get(2).get().get(0).orElseThrow()).contains("but certified by ibp");
      }
    }
  }

  @Test
  void write_commitThatFails_isAcknowledgedToNobodyOfTheGroup() throws Exception {
    SqliteFile file = SqliteFile.at(folder.resolve("facts.db"));
    try (Connection reading = file.connect()) {
      StoreSchema.current().prepare(file, reading, 0);
      refuseAtCommit(reading);
      try (StoreWriter writer = StoreWriter.start(file, file.connect())) {
        List<FactWriter.Entry> entries =
            List.of(entry("1", new float[1]), entry("2", new float[1]), entry("3", new float[1]));
        WriteTransaction.execute(reading, "BEGIN IMMEDIATE");
        List<FutureTask<List<Optional<String>>>> writing = new ArrayList<>();
        for (FactWriter.Entry each : entries) {
          writing.add(started(() -> writer.write(List.of(each))));
        }
        assertThat(writing).as("nobody before the commit").noneMatch(FutureTask::isDone);
        WriteTransaction.execute(reading, "COMMIT");

        for (FutureTask<List<Optional<String>>> each : writing) {
          assertThatThrownBy(each::get).hasRootCauseInstanceOf(SQLException.class);
        }
        for (FactWriter.Entry each : entries) {
          assertThat(stored(reading, each.key())).isEmpty();
        }

        WriteTransaction.execute(reading, "DROP TRIGGER unfinished");
        assertThat(writer.write(entries)).containsOnly(Optional.empty());
        assertThat(stored(reading, entries.get(0).key())).isPresent();
      }
    }
  }

  /** Lets every row of a verdict be written, but no transaction with one be committed. */
  private static void refuseAtCommit(Connection connection) throws SQLException {
    WriteTransaction.execute(
        connection,
        "CREATE TABLE owed (verdict INTEGER REFERENCES verdict DEFERRABLE INITIALLY DEFERRED)");
    WriteTransaction.execute(
        connection,
        "CREATE TRIGGER unfinished AFTER INSERT ON verdict"
            + " BEGIN INSERT INTO owed VALUES (-1); END");
  }

  /** A task that has begun and waits. */
  private static <T> FutureTask<T> started(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  @Test
  void close_afterWriting_leavesNoLogBehind() throws SQLException {
    SqliteFile file = SqliteFile.at(folder.resolve("facts.db"));
    try (Connection reading = file.connect()) {
      StoreSchema.current().prepare(file, reading, 0);
      StoreWriter writer = StoreWriter.start(file, file.connect());
      writer.write(List.of(entry("1", new float[1])));
      writer.close();
      writer.close();
      assertThat(stored(reading, entry("1", new float[1]).key())).isPresent();
      assertThat(file.file().resolveSibling("facts.db-wal").toFile().length()).isZero();
    }
  }

  private static Optional<Fact.Stored> stored(Connection connection, QueryKey key)
      throws SQLException {
    try (FactReader reader = new FactReader(connection)) {
      return reader.of(key);
    }
  }

  private static FactWriter.Entry contradicting(String digit) {
    FactWriter.Entry like = entry(digit, new float[1]);
    MarginBounds margins = MarginBounds.of(0, 0, 1);
    Fact fact =
        new Fact(
            new Outcome.Certified(Rung.IBP, margins),
            0,
            Optional.of(margins),
            like.fact().source(),
            1);
    return new FactWriter.Entry(like.key(), "net.onnx", fact);
  }

  private static FactWriter.Entry entry(String digit, float[] point) {
    QueryKey key = new QueryKey(MODEL, "set", Guarantee.REAL, digit.repeat(64), 0);
    Outcome outcome = new Outcome.Falsified(Rung.PGD, Counterexample.at(point));
    Fact.Source source = new Fact.Source(WHOLE, MERLON, true, 0);
    return new FactWriter.Entry(key, "net.onnx", new Fact(outcome, 0, Optional.empty(), source, 1));
  }
}
