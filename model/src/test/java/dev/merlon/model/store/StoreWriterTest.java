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
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
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

  private static FactWriter.Entry entry(String digit, float[] point) {
    QueryKey key = new QueryKey(MODEL, "set", Guarantee.REAL, digit.repeat(64), 0);
    Outcome outcome = new Outcome.Falsified(Rung.PGD, Counterexample.at(point));
    Fact.Source source = new Fact.Source(WHOLE, MERLON, true, 0);
    return new FactWriter.Entry(key, "net.onnx", new Fact(outcome, 0, Optional.empty(), source, 1));
  }
}
