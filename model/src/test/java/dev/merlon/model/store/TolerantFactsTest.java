package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static dev.merlon.model.store.StoreExamples.ask;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.facts;
import static dev.merlon.model.store.StoreExamples.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TolerantFactsTest {
  @TempDir private Path folder;

  @Test
  void record_storeThatIsLost_saysSoOnceAndGoesOn() throws SQLException {
    List<String> notes = new ArrayList<>();
    try (CertificateStore store = CertificateStore.open(folder.resolve("facts.db"), MERLON)) {
      Outcome proof = certified(Rung.IBP);
      Facts strict = facts(store, WHOLE);
      Facts tolerant = new TolerantFacts(facts(store, WHOLE), notes::add);
      ask(tolerant, query(1), proof);
      damage(store);

      assertThat(ask(tolerant, query(2), proof).outcome()).isEqualTo(proof);
      assertThat(ask(tolerant, query(3), proof).outcome()).isEqualTo(proof);
      assertThat(tolerant.known(List.of(query(1)))).isEmpty();
      assertThat(notes)
          .singleElement()
          .satisfies(
              note ->
                  assertThat(note)
                      .contains(store.file().toString(), "damaged on purpose", "left out"));
      assertThatThrownBy(() -> ask(strict, query(2), proof)).isInstanceOf(MerlonException.class);
    }
  }

  private static void damage(CertificateStore store) throws SQLException {
    try (Connection connection = new SqliteFile(store.file()).connect()) {
      WriteTransaction.execute(
          connection,
          "CREATE TRIGGER lost BEFORE INSERT ON verdict"
              + " BEGIN SELECT RAISE(ABORT, 'damaged on purpose'); END");
    }
  }
}
