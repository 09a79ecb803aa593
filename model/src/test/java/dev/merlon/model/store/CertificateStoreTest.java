package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.facts;
import static dev.merlon.model.store.StoreExamples.query;
import static dev.merlon.model.store.StoreExamples.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.home.MerlonHome;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateStoreTest {
  private static final int WRITERS = 6;
  private static final int ROUNDS = 20;

  @TempDir private Path folder;

  @Test
  void open_newFile_isReadableForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("a/b/facts.db");
    try (CertificateStore store = CertificateStore.open(file, MERLON)) {
      assertThat(store.file()).isEqualTo(file.toAbsolutePath());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void open_library_isUnpackedIntoThePrivateFolder() {
    CertificateStore.open(folder.resolve("facts.db"), MERLON).close();
    assertThat(Path.of(System.getProperty("org.sqlite.lib.path")))
        .startsWith(MerlonHome.ofProcess().natives().toAbsolutePath().normalize());
  }

  @Test
  void open_whatCannotBeAStore_isRefusedWithTheReason() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "not a database, ".repeat(100));
    Path below = text.resolve("facts.db");
    refused(folder, "it is a folder");
    refused(text, "it is no such store");
    refused(below, "a file of that name is in the way");
    assertThat(Files.readString(text)).startsWith("not a database");
  }

  private static void refused(Path file, String reason) {
    assertThatThrownBy(() -> CertificateStore.open(file, MERLON))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> {
              assertThat(thrown.failure().code()).isEqualTo("configuration");
              assertThat(thrown.failure().remedy()).contains("--no-store");
            })
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void record_manyWritersOfSeveralStores_keepEveryVerdictOnce() {
    Path file = folder.resolve("facts.db");
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    try (CertificateStore one = CertificateStore.open(file, MERLON);
        CertificateStore other = CertificateStore.open(file, Prover.of("2.0"))) {
      for (int writer = 0; writer < WRITERS; writer++) {
        CertificateStore store = writer % 2 == 0 ? one : other;
        int first = 1000 * writer;
        writers.add(CompletableFuture.runAsync(() -> recordAll(store, first)));
      }
      writers.forEach(CompletableFuture::join);
    }

    try (CertificateStore again = CertificateStore.open(file, MERLON)) {
      for (int writer = 0; writer < WRITERS; writer++) {
        assertThat(facts(again, WHOLE).known(queries(1000 * writer))).hasSize(2 * ROUNDS);
      }
    }
  }

  private static void recordAll(CertificateStore store, int first) {
    Facts facts = facts(store, WHOLE);
    List<Query> all = queries(first);
    facts.known(all);
    for (int round = 0; round < ROUNDS; round++) {
      List<Verdict> two =
          all.subList(2 * round, 2 * round + 2).stream()
              .map(query -> verdict(query, certified(Rung.IBP)))
              .toList();
      facts.record(two);
    }
  }

  private static List<Query> queries(int first) {
    return IntStream.range(first, first + 2 * ROUNDS).mapToObj(x -> query(x)).toList();
  }

  @Test
  void record_afterAnotherProcessTookRowsAway_makesThemAgain() {
    Path file = folder.resolve("facts.db");
    try (CertificateStore store = CertificateStore.open(file, MERLON)) {
      Facts facts = facts(store, WHOLE);
      facts.known(List.of(query(1), query(2)));
      facts.record(List.of(verdict(query(1), certified(Rung.IBP))));
      try (StoreContents contents = StoreContents.open(file)) {
        contents.prune(new StoreContents.Selection(Optional.empty(), Optional.empty()));
      }

      facts.record(List.of(verdict(query(2), certified(Rung.IBP))));

      assertThat(facts(store, WHOLE).known(List.of(query(1), query(2))))
          .containsExactly(verdict(query(2), certified(Rung.IBP)));
    }
  }

  @Test
  void record_closedStore_isRefused() {
    CertificateStore store = CertificateStore.open(folder.resolve("facts.db"), MERLON);
    Facts facts = facts(store, WHOLE);
    facts.known(List.of(query(1)));
    store.close();
    assertThatThrownBy(() -> facts.record(List.of(verdict(query(1), certified(Rung.IBP)))))
        .isInstanceOf(IllegalStateException.class);
  }
}
