package dev.merlon.model.store;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Verdicts as facts in one file, for all commands of a user: each question about a model is named
 * by its content, is answered once and, as {@link FactRules} say, not asked again. Several
 * processes may have the file open and write to it. Owns its connections. Thread-safe.
 */
public final class CertificateStore implements AutoCloseable {
  /** The file's name where nobody names another. */
  public static final String FILE = "certificates.db";

  private final SqliteFile file;
  private final Prover prover;
  private final InstantSource now;
  private final Connection reading;
  private final StoreWriter writer;
  private Optional<FactReader> reader = Optional.empty();

  private CertificateStore(
      SqliteFile file, Prover prover, InstantSource now, Connection reading, StoreWriter writer) {
    this.file = file;
    this.prover = prover;
    this.now = now;
    this.reading = reading;
    this.writer = writer;
  }

  /**
   * Opens a file, or makes it where there is none.
   *
   * @param prover who finds what will be kept
   * @throws MerlonException (configuration) when the file cannot be one, with the reason; (device)
   *     when there is no room
   */
  public static CertificateStore open(Path file, Prover prover) {
    return open(file, prover, InstantSource.system());
  }

  static CertificateStore open(Path file, Prover prover, InstantSource now) {
    SqliteFile place = SqliteFile.at(file);
    try {
      Connection reading = place.connect();
      try {
        StoreSchema.current().prepare(place, reading, now.millis());
        StoreWriter writer = StoreWriter.start(place, place.connect());
        return new CertificateStore(place, prover, now, reading, writer);
      } catch (SQLException | RuntimeException failed) {
        reading.close();
        throw failed;
      }
    } catch (SQLException refused) {
      throw StoreProblem.unusable(place.file(), refused);
    }
  }

  /** The file. */
  public Path file() {
    return file.file();
  }

  /**
   * What is known about a model for whoever tries that hard.
   *
   * @param retry verdicts that are no answer to whoever asks
   * @param confirmer confirms counterexamples; owned by what is returned
   */
  public Facts about(
      ImportedModel model, Effort effort, Set<Outcome.Kind> retry, Confirmer confirmer) {
    var subject = new StoredFacts.Subject(ModelKey.of(model), model.name());
    return about(subject, SearchEffort.of(effort), retry, confirmer);
  }

  Facts about(
      StoredFacts.Subject subject,
      SearchEffort effort,
      Set<Outcome.Kind> retry,
      Confirmer confirmer) {
    return new StoredFacts(this, subject, new FactRules.Asker(effort, prover, retry), confirmer);
  }

  /**
   * What is known about a property of a model.
   *
   * @param sha256 of the property's file
   */
  public PropertyFacts about(ImportedModel model, String sha256, Effort effort) {
    FactRules.Asker asker = new FactRules.Asker(SearchEffort.of(effort), prover, Set.of());
    return new PropertyFacts(this, model, sha256, asker);
  }

  /** Every fact about the model, input and label of each question. */
  synchronized List<List<Fact.Stored>> read(List<QueryKey> keys) {
    try {
      FactReader prepared = reader.isPresent() ? reader.get() : new FactReader(reading);
      reader = Optional.of(prepared);
      List<List<Fact.Stored>> facts = new ArrayList<>();
      for (QueryKey key : keys) {
        facts.add(prepared.about(key));
      }
      return facts;
    } catch (SQLException failed) {
      // The driver ends statements that fail.
      reader.ifPresent(FactReader::close);
      reader = Optional.empty();
      throw StoreProblem.broken(file.file(), failed);
    }
  }

  StoreWriter writer() {
    return writer;
  }

  long now() {
    return now.millis();
  }

  @Override
  public synchronized void close() {
    writer.close();
    try (reading) {
      reader.ifPresent(FactReader::close);
    } catch (SQLException failed) {
      throw StoreProblem.broken(file.file(), failed);
    }
  }
}
