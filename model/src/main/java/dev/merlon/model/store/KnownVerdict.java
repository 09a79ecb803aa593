package dev.merlon.model.store;

import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.QueryDigest;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * One fact of a store, for people.
 *
 * @param query the question's name, see {@link QueryDigest}
 * @param about the model and the question
 * @param kind the answer
 * @param rung what decided it, or was tried last
 * @param point the counterexample, flat, where there is one
 * @param source how it came about
 */
public record KnownVerdict(
    String query,
    About about,
    Outcome.Kind kind,
    String rung,
    Optional<float[]> point,
    Source source) {
  static final String COLUMNS =
      "SELECT b.sha256 AS file, b.name, m.scaling, i.sha256 AS input, v.label, q.perturbation,"
          + " q.guarantee, v.kind, v.rung, v.point, v.at, v.millis, e.rungs, e.timeout_ms,"
          + " p.version, p.sound,"
          + " (SELECT group_concat(c.detail, '; ') FROM conflict c WHERE c.verdict = v.id)"
          + " AS disputed"
          + " FROM verdict v JOIN model m ON m.id = v.model JOIN blob b ON b.id = m.blob"
          + " JOIN input i ON i.id = v.input JOIN question q ON q.id = v.question"
          + " JOIN effort e ON e.id = v.effort JOIN prover p ON p.id = v.prover";

  /**
   * What a verdict is about.
   *
   * @param sha256 of the model's file
   * @param scaling what is done around the file's graph
   * @param perturbation in its canonical form
   */
  public record About(
      String sha256, String scaling, String perturbation, Guarantee guarantee, int label) {
    /** Whether it is a VNN-LIB property, which has no input and no label. */
    public boolean isProperty() {
      return perturbation.startsWith(PropertyFacts.PROPERTY);
    }

    /** The set as people write it. */
    public String set() {
      return Implication.words(perturbation);
    }

    /** What is done around the file's graph. */
    public ModelUse use() {
      return KnownVerdict.use(scaling);
    }
  }

  /**
   * How a verdict came about.
   *
   * @param rungs what was tried
   * @param version of Merlon
   * @param sound whether certificates of that version count
   * @param at when it was kept
   * @param disputed what contradicts it, if anything does
   */
  public record Source(
      String rungs, String version, boolean sound, Instant at, Optional<String> disputed) {}

  static KnownVerdict read(ResultSet row) throws SQLException {
    About about =
        new About(
            Blobs.hexadecimal(row.getBytes("file")),
            row.getString("scaling"),
            row.getString("perturbation"),
            Guarantee.parse(row.getString("guarantee")),
            row.getInt("label"));
    Source source =
        new Source(
            row.getString("rungs"),
            row.getString("version"),
            row.getInt("sound") != 0,
            Instant.ofEpochMilli(row.getLong("at")),
            Optional.ofNullable(row.getString("disputed")));
    return new KnownVerdict(
        digest(about, Blobs.hexadecimal(row.getBytes("input"))),
        about,
        Outcome.Kind.parse(row.getString("kind")),
        row.getString("rung"),
        Optional.ofNullable(row.getBytes("point")).map(Blobs::floats),
        source);
  }

  private static String digest(About about, String input) {
    return QueryDigest.of(
        new QueryKey(
            new ModelKey(about.sha256(), about.use()),
            about.perturbation(),
            about.guarantee(),
            input,
            about.label()));
  }

  /** What {@link ModelKey} wrote. */
  private static ModelUse use(String scaling) {
    Optional<String> input = scaling.lines().filter(line -> line.startsWith("input ")).findFirst();
    Optional<String> threshold =
        scaling.lines().filter(line -> line.startsWith("threshold ")).findFirst();
    return new ModelUse(
        input.map(line -> line.substring("input ".length())),
        threshold.map(line -> Threshold.parse(line.substring("threshold ".length()))));
  }
}
