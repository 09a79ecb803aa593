package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.MODEL;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static dev.merlon.model.store.StoreExamples.ask;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.facts;
import static dev.merlon.model.store.StoreExamples.falsified;
import static dev.merlon.model.store.StoreExamples.query;
import static dev.merlon.model.store.StoreExamples.unknown;
import static dev.merlon.model.store.StoreExamples.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.store.StoreContents.Selection;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.QueryDigest;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreContentsTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2026-02-01T00:00:00Z");
  private static final ModelKey OTHER =
      new ModelKey(
          "cd".repeat(32), new ModelUse(Optional.of("nhwc"), Optional.of(Threshold.parse("0.5"))));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    file = folder.resolve("facts.db");
    try (CertificateStore early = CertificateStore.open(file, MERLON, InstantSource.fixed(EARLY))) {
      ask(facts(early, WHOLE), query(1), certified(Rung.CROWN));
      ask(facts(early, WHOLE), query(2), unknown());
    }
    try (CertificateStore late = CertificateStore.open(file, MERLON, InstantSource.fixed(LATE))) {
      ask(facts(late, WHOLE), query(3), falsified(Rung.PGD, 0.5f));
      Facts other =
          late.about(
              new StoredFacts.Subject(OTHER, "other.onnx"),
              WHOLE,
              Set.of(),
              new StoreExamples.Trusting());
      ask(other, query(1), certified(Rung.IBP));
    }
  }

  @Test
  void models_countsAndDays_newestFirst() {
    dispute();
    try (StoreContents store = StoreContents.open(file)) {
      assertThat(store.models())
          .anySatisfy(
              model -> {
                assertThat(model.name()).isEqualTo("net.onnx");
                assertThat(model.sha256()).isEqualTo(MODEL.sha256());
                assertThat(model.kinds())
                    .containsEntry(Outcome.Kind.CERTIFIED, 1)
                    .containsEntry(Outcome.Kind.FALSIFIED, 1)
                    .containsEntry(Outcome.Kind.UNKNOWN, 1)
                    .hasSize(3);
                assertThat(model.counted()).isEqualTo(new StoreContents.Counted(1, LATE));
              })
          .anySatisfy(model -> assertThat(model.scaling()).isEqualTo("input nhwc\nthreshold 0.5"))
          .hasSize(2);
    }
  }

  @Test
  void verdicts_ofAModel_haveTheirQuestionsNames() {
    dispute();
    try (StoreContents store = StoreContents.open(file)) {
      List<KnownVerdict> known =
          store.verdicts(new Selection(Optional.of("abab"), Optional.empty()));
      assertThat(known)
          .extracting(KnownVerdict::query)
          .containsExactly(
              QueryDigest.of(MODEL, query(1)),
              QueryDigest.of(MODEL, query(2)),
              QueryDigest.of(MODEL, query(3)));
      assertThat(known.get(0).source().disputed()).isPresent();
      assertThat(known.get(2).point().orElseThrow()).containsExactly(0.5f, 1);
      KnownVerdict behind =
          store.verdicts(new Selection(Optional.of("cd"), Optional.empty())).get(0);
      assertThat(behind.query()).isEqualTo(QueryDigest.of(OTHER, query(1)));
      assertThat(behind.about().use()).isEqualTo(OTHER.use());
    }
  }

  @Test
  void prune_old_keepsTheNewAndWhatTheyReferTo() throws SQLException {
    Selection old = new Selection(Optional.empty(), Optional.of(LATE));
    dispute();
    try (StoreContents store = StoreContents.open(file)) {
      assertThat(store.count(old)).isEqualTo(2);
      assertThat(store.prune(old)).isEqualTo(2);
      assertThat(store.count(old)).isZero();
      assertThat(store.damage()).isEmpty();
    }
    assertThat(rows("input")).as("inputs 1, of the other model, and 3").isEqualTo(2);
    assertThat(rows("conflict")).isZero();
    assertThat(rows("model")).isEqualTo(2);
  }

  @Test
  void prune_model_leavesNothingOfIt() throws SQLException {
    try (StoreContents store = StoreContents.open(file)) {
      assertThat(store.prune(new Selection(Optional.of("ab"), Optional.empty()))).isEqualTo(3);
      assertThat(store.models()).hasSize(1);
    }
    assertThat(rows("blob")).isEqualTo(1);
    assertThat(rows("model")).isEqualTo(1);
    assertThat(rows("input")).isEqualTo(1);
    assertThat(rows("question")).isEqualTo(1);
  }

  @Test
  void damage_wholeFileAndBrokenOne_areToldApart() throws IOException {
    try (StoreContents store = StoreContents.open(file)) {
      assertThat(store.damage()).isEmpty();
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      // The third page, the root of some table.
      byte[] noise = new byte[4096];
      Arrays.fill(noise, (byte) 0x5a);
      bytes.seek(2L * noise.length);
      bytes.write(noise);
    }
    try (StoreContents store = StoreContents.open(file)) {
      assertThat(store.damage()).isNotEmpty();
    } catch (MerlonException refused) {
      assertThat(refused).hasMessageContaining("it is damaged");
    }
  }

  @Test
  void open_noFile_isRefusedAndNotMade() {
    Path none = folder.resolve("none.db");
    assertThatThrownBy(() -> StoreContents.open(none))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("There is no store of verdicts " + none);
    assertThat(none).doesNotExist();
  }

  /** Contradicts the certificate. */
  private void dispute() {
    try (CertificateStore store = CertificateStore.open(file, MERLON)) {
      QueryKey key = QueryKey.of(MODEL, query(1));
      Fact.Source source = new Fact.Source(WHOLE, MERLON, true, 0);
      Fact fact =
          new Fact(
              verdict(query(1), falsified(Rung.PGD, 0.5f)).outcome(),
              0,
              Optional.empty(),
              source,
              1);
      assertThat(store.writer().write(List.of(new FactWriter.Entry(key, "net.onnx", fact))))
          .allMatch(Optional::isPresent);
    }
  }

  private int rows(String table) throws SQLException {
    try (Connection connection = new SqliteFile(file).connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return row.next() ? row.getInt(1) : -1;
    }
  }
}
