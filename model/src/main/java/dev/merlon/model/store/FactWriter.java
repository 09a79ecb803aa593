package dev.merlon.model.store;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.store.SurrogateKeys.Unique;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Rung;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes facts through one connection, inside its transactions. Not thread-safe. */
final class FactWriter implements AutoCloseable {
  private final FactReader reader;
  private final SurrogateKeys keys;
  private final PreparedStatement insert;
  private final PreparedStatement dispute;

  FactWriter(Connection connection) throws SQLException {
    this.reader = new FactReader(connection);
    this.keys = new SurrogateKeys(connection);
    this.insert =
        connection.prepareStatement(
            "INSERT INTO verdict (model, input, label, question, kind, rung, predicted, reason,"
                + " margins, point, effort, prover, millis, at, parameters)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (model, input, label, question) DO UPDATE SET kind = excluded.kind,"
                + " rung = excluded.rung, predicted = excluded.predicted,"
                + " reason = excluded.reason, margins = excluded.margins, point = excluded.point,"
                + " effort = excluded.effort, prover = excluded.prover, millis = excluded.millis,"
                + " at = excluded.at, parameters = excluded.parameters");
    this.dispute =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO conflict (verdict, kind, prover, at, detail)"
                + " VALUES (?, ?, ?, ?, ?)");
  }

  /**
   * A verdict on its way into the store.
   *
   * @param modelName what people call the model
   */
  record Entry(QueryKey key, String modelName, Fact fact) {}

  /** Is told that a transaction begins: what other processes did meanwhile counts. */
  void begin() {
    keys.begin();
  }

  /**
   * Lets the rules decide about an entry.
   *
   * @return how both sides of a contradiction came about, if the entry contradicts what is stored
   */
  Optional<String> write(Entry entry) throws SQLException {
    Optional<Fact.Stored> stored = reader.of(entry.key());
    FactRules.Change change =
        stored
            .map(known -> FactRules.change(known.fact(), entry.fact()))
            .orElse(FactRules.Change.REPLACE);
    return switch (change) {
      case KEEP -> Optional.empty();
      case REPLACE -> {
        put(entry);
        yield Optional.empty();
      }
      case DISPUTE -> Optional.of(dispute(stored.orElseThrow(), entry.fact()));
    };
  }

  private void put(Entry entry) throws SQLException {
    QueryKey key = entry.key();
    Fact fact = entry.fact();
    insert.setLong(1, model(key.model(), entry.modelName()));
    insert.setLong(2, keys.of("input", Unique.of("sha256", key.input())));
    insert.setInt(3, key.label());
    insert.setLong(4, question(key));
    insert.setString(5, fact.kind().word());
    insert.setString(6, fact.outcome().rung().word());
    insert.setInt(7, fact.predicted());
    setText(8, fact.outcome().reason());
    setBytes(9, fact.margins().map(FactWriter::bytes));
    Optional<Candidate> witness = fact.outcome().counterexample().map(Counterexample::witness);
    setBytes(10, witness.map(found -> Blobs.of(found.point())));
    insert.setLong(11, effort(fact.source().effort()));
    insert.setLong(12, prover(fact.source().prover()));
    insert.setDouble(13, fact.millis());
    insert.setLong(14, fact.source().at());
    setBytes(
        15,
        witness
            .map(Candidate::parameters)
            .filter(parameters -> parameters.length > 0)
            .map(Blobs::of));
    insert.executeUpdate();
  }

  private String dispute(Fact.Stored stored, Fact fresh) throws SQLException {
    String detail = stored.fact().words() + ", but " + fresh.words();
    dispute.setLong(1, stored.id());
    dispute.setString(2, fresh.kind().word());
    dispute.setLong(3, prover(fresh.source().prover()));
    dispute.setLong(4, fresh.source().at());
    dispute.setString(5, detail);
    dispute.executeUpdate();
    return detail;
  }

  private long model(ModelKey model, String name) throws SQLException {
    Unique file = Unique.of("sha256", model.sha256());
    long blob = keys.of("blob", file, file.and("name", name));
    return keys.of("model", Unique.of("blob", blob).and("scaling", model.scaling()));
  }

  private long question(QueryKey key) throws SQLException {
    return keys.of(
        "question",
        Unique.of("perturbation", key.perturbation()).and("guarantee", key.guarantee().word()));
  }

  private long effort(SearchEffort effort) throws SQLException {
    String rungs = effort.rungs().stream().map(Rung::word).collect(Collectors.joining(","));
    return keys.of(
        "effort",
        Unique.of("rungs", rungs)
            .and("attack", effort.attack())
            .and("seed", effort.seed())
            .and("timeout_ms", effort.timeoutMillis()));
  }

  private long prover(Prover prover) throws SQLException {
    return keys.of(
        "prover",
        Unique.of("version", prover.version())
            .and("build", prover.build())
            .and("node", prover.node()));
  }

  private static byte[] bytes(MarginBounds margins) {
    double[] bounds = new double[margins.classes()];
    for (int other = 0; other < bounds.length; other++) {
      bounds[other] = margins.against(other);
    }
    return Blobs.of(bounds);
  }

  private void setText(int place, Optional<String> text) throws SQLException {
    if (text.isPresent()) {
      insert.setString(place, text.get());
    } else {
      insert.setNull(place, Types.VARCHAR);
    }
  }

  private void setBytes(int place, Optional<byte[]> bytes) throws SQLException {
    if (bytes.isPresent()) {
      insert.setBytes(place, bytes.get());
    } else {
      insert.setNull(place, Types.BLOB);
    }
  }

  @Override
  public void close() {
    reader.close();
    keys.close();
    Statements.close(insert);
    Statements.close(dispute);
  }
}
