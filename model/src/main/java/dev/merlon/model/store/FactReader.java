package dev.merlon.model.store;

import dev.merlon.config.failure.FirstLine;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads facts through one connection. Not thread-safe. */
final class FactReader implements AutoCloseable {
  private static final String COLUMNS =
      "SELECT v.id, q.perturbation, q.guarantee, v.label, v.kind, v.rung, v.predicted, v.reason,"
          + " v.margins, v.point, v.parameters, v.millis, v.at, e.rungs AS tried, e.attack, e.seed,"
          + " e.timeout_ms,"
          + " p.version, p.build, p.node, p.sound,"
          + " (SELECT group_concat(c.detail, '; ') FROM conflict c WHERE c.verdict = v.id)"
          + " AS disputed"
          + " FROM verdict v JOIN question q ON q.id = v.question"
          + " JOIN effort e ON e.id = v.effort JOIN prover p ON p.id = v.prover";

  private final PreparedStatement aboutInput;

  FactReader(Connection connection) throws SQLException {
    this.aboutInput =
        connection.prepareStatement(
            COLUMNS
                + " WHERE v.model = (SELECT m.id FROM model m JOIN blob b ON b.id = m.blob"
                + " WHERE b.sha256 = ? AND m.scaling = ?)"
                + " AND v.input = (SELECT i.id FROM input i WHERE i.sha256 = ?)"
                + " AND v.label = ? ORDER BY v.id");
  }

  /** Every fact about the model, input and label of a question. */
  List<Fact.Stored> about(QueryKey key) throws SQLException {
    aboutInput.setBytes(1, Blobs.digest(key.model().sha256()));
    aboutInput.setString(2, key.model().scaling());
    aboutInput.setBytes(3, Blobs.digest(key.input()));
    aboutInput.setInt(4, key.label());
    List<Fact.Stored> facts = new ArrayList<>();
    try (ResultSet row = aboutInput.executeQuery()) {
      while (row.next()) {
        facts.add(whole(row));
      }
    }
    return facts;
  }

  // What no Merlon wrote is damage of the file.
  private static Fact.Stored whole(ResultSet row) throws SQLException {
    try {
      return read(row);
    } catch (RuntimeException damaged) {
      throw new SQLException(
          "its verdict " + row.getLong("id") + " is damaged: " + FirstLine.of(damaged), damaged);
    }
  }

  /** The fact about a question itself. */
  Optional<Fact.Stored> of(QueryKey key) throws SQLException {
    Implication question = new Implication(key.perturbation(), key.guarantee());
    return about(key).stream().filter(question::isAbout).findFirst();
  }

  private static Fact.Stored read(ResultSet row) throws SQLException {
    Optional<MarginBounds> margins =
        Optional.ofNullable(row.getBytes("margins")).map(Blobs::doubles).map(margins(row));
    Fact.Source source =
        new Fact.Source(
            effort(row),
            new Prover(row.getString("version"), row.getString("build"), row.getString("node")),
            row.getInt("sound") != 0,
            row.getLong("at"));
    Fact fact =
        new Fact(
            outcome(row, margins),
            row.getInt("predicted"),
            margins,
            source,
            row.getDouble("millis"));
    return new Fact.Stored(
        row.getLong("id"),
        row.getString("perturbation"),
        Guarantee.parse(row.getString("guarantee")),
        fact,
        Optional.ofNullable(row.getString("disputed")));
  }

  private static Function<double[], MarginBounds> margins(ResultSet row) throws SQLException {
    int label = row.getInt("label");
    return values -> MarginBounds.of(label, values);
  }

  private static SearchEffort effort(ResultSet row) throws SQLException {
    List<Rung> tried = Arrays.stream(row.getString("tried").split(",")).map(Rung::parse).toList();
    return new SearchEffort(
        tried, row.getString("attack"), row.getLong("seed"), row.getLong("timeout_ms"));
  }

  private static Outcome outcome(ResultSet row, Optional<MarginBounds> margins)
      throws SQLException {
    Rung rung = Rung.parse(row.getString("rung"));
    Optional<String> reason = Optional.ofNullable(row.getString("reason"));
    return switch (Outcome.Kind.parse(row.getString("kind"))) {
      case CERTIFIED ->
          margins
              .<Outcome>map(bounds -> new Outcome.Certified(rung, bounds))
              .orElseGet(() -> new Outcome.Excluded(rung, reason.orElse("")));
      case FALSIFIED -> new Outcome.Falsified(rung, Counterexample.at(witness(row)));
      case MISCLASSIFIED -> new Outcome.Misclassified();
      case UNKNOWN -> new Outcome.Unknown(rung, reason.orElse(""));
      case TIMEOUT -> new Outcome.Timeout(rung, reason);
      case CONFLICT -> throw new SQLException("a conflict is kept beside its verdict");
    };
  }

  // Files of the first schema have no parameters: such a point is one that nobody can confirm.
  private static Candidate witness(ResultSet row) throws SQLException {
    double[] parameters =
        Optional.ofNullable(row.getBytes("parameters")).map(Blobs::doubles).orElse(new double[0]);
    return Candidate.of(Blobs.floats(row.getBytes("point")), parameters);
  }

  @Override
  public void close() {
    Statements.close(aboutInput);
  }
}
