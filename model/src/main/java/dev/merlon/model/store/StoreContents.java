package dev.merlon.model.store;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store holds, for people: lists, checks and the removal of old facts. Owns its connection.
 */
public final class StoreContents implements AutoCloseable {
  private static final String[] UNREFERRED = {
    "DELETE FROM model WHERE id NOT IN (SELECT model FROM verdict)",
    "DELETE FROM blob WHERE id NOT IN (SELECT blob FROM model)",
    "DELETE FROM input WHERE id NOT IN (SELECT input FROM verdict)",
    "DELETE FROM question WHERE id NOT IN (SELECT question FROM verdict)",
    "DELETE FROM effort WHERE id NOT IN (SELECT effort FROM verdict)",
  };

  private final Path file;
  private final Connection connection;

  private StoreContents(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * A model and what is known about it.
   *
   * @param name of its file when it was first asked about
   * @param scaling what is done around its graph; empty for the file as it is
   * @param kinds how many questions have each answer
   */
  public record KnownModel(
      String name,
      String sha256,
      String scaling,
      Map<Outcome.Kind, Integer> kinds,
      Counted counted) {
    /** Copies the map. */
    public KnownModel {
      kinds = Map.copyOf(kinds);
    }
  }

  /**
   * What else is said about a model's answers.
   *
   * @param conflicts how many of them are contradicted
   * @param newest when the newest was kept
   */
  public record Counted(int conflicts, Instant newest) {}

  /**
   * Opens a store that is there.
   *
   * @throws MerlonException when there is none, or it cannot be used
   */
  public static StoreContents open(Path path) {
    if (!Files.exists(path)) {
      throw MerlonException.configuration(
          "There is no store of verdicts " + path, "certify makes one, or name another: --store.");
    }
    SqliteFile place = SqliteFile.at(path);
    try {
      Connection connection = place.connect();
      try {
        StoreSchema.current().prepare(place, connection, System.currentTimeMillis());
        return new StoreContents(place.file(), connection);
      } catch (SQLException | RuntimeException failed) {
        connection.close();
        throw failed;
      }
    } catch (SQLException refused) {
      throw StoreProblem.unusable(place.file(), refused);
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Every model that something is known about, the one asked about last first. */
  public List<KnownModel> models() {
    return asking(
        () -> {
          List<KnownModel> models = new ArrayList<>();
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT m.id, b.name, b.sha256, m.scaling, max(v.at) AS newest,"
                          + " (SELECT count(DISTINCT c.verdict) FROM conflict c"
                          + " JOIN verdict w ON w.id = c.verdict WHERE w.model = m.id) AS conflicts"
                          + " FROM model m JOIN blob b ON b.id = m.blob"
                          + " JOIN verdict v ON v.model = m.id GROUP BY m.id ORDER BY newest DESC");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              models.add(
                  new KnownModel(
                      row.getString("name"),
                      Blobs.hexadecimal(row.getBytes("sha256")),
                      row.getString("scaling"),
                      kinds(row.getLong("id")),
                      new Counted(
                          row.getInt("conflicts"), Instant.ofEpochMilli(row.getLong("newest")))));
            }
          }
          return models;
        });
  }

  private Map<Outcome.Kind, Integer> kinds(long model) throws SQLException {
    Map<Outcome.Kind, Integer> kinds = new EnumMap<>(Outcome.Kind.class);
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT kind, count(*) FROM verdict WHERE model = ? GROUP BY kind")) {
      select.setLong(1, model);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          kinds.put(Outcome.Kind.parse(row.getString(1)), row.getInt(2));
        }
      }
    }
    return kinds;
  }

  /** What is known about models, in the order in which it was first asked. */
  public List<KnownVerdict> verdicts(Selection chosen) {
    return asking(
        () -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  KnownVerdict.COLUMNS + " WHERE " + chosen.condition() + " ORDER BY v.id")) {
            chosen.set(select);
            List<KnownVerdict> verdicts = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                verdicts.add(KnownVerdict.read(row));
              }
            }
            return verdicts;
          }
        });
  }

  /** What is wrong with the file; nothing if it is whole. */
  public List<String> damage() {
    return asking(
        () -> {
          List<String> problems = new ArrayList<>();
          for (String check : List.of("PRAGMA integrity_check", "PRAGMA foreign_key_check")) {
            try (PreparedStatement select = connection.prepareStatement(check);
                ResultSet row = select.executeQuery()) {
              while (row.next()) {
                problems.add(String.valueOf(row.getString(1)));
              }
            }
          }
          problems.remove("ok");
          return problems;
        });
  }

  /** How many verdicts {@link #prune} would remove. */
  public int count(Selection chosen) {
    return asking(
        () -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT count(*) FROM verdict v JOIN model m ON m.id = v.model"
                      + " JOIN blob b ON b.id = m.blob WHERE "
                      + chosen.condition())) {
            chosen.set(select);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? row.getInt(1) : 0;
            }
          }
        });
  }

  /** Removes verdicts, and whatever nothing refers to any more. Returns how many verdicts went. */
  public int prune(Selection chosen) {
    return asking(
        () -> {
          int removed = WriteTransaction.run(connection, () -> remove(chosen));
          shrink();
          return removed;
        });
  }

  private void shrink() {
    try {
      WriteTransaction.execute(connection, "VACUUM");
    } catch (SQLException busy) {
      // Somebody else works with the file: its free pages are used again by what comes next.
    }
  }

  private int remove(Selection chosen) throws SQLException {
    int removed;
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM verdict WHERE id IN (SELECT v.id FROM verdict v"
                + " JOIN model m ON m.id = v.model JOIN blob b ON b.id = m.blob WHERE "
                + chosen.condition()
                + ")")) {
      chosen.set(delete);
      removed = delete.executeUpdate();
    }
    for (String rows : UNREFERRED) {
      WriteTransaction.execute(connection, rows);
    }
    return removed;
  }

  /**
   * Which verdicts are meant: those of which everything holds that is said.
   *
   * @param model how the SHA-256 of their model's file begins
   * @param before when they were kept at the latest
   */
  public record Selection(Optional<String> model, Optional<Instant> before) {
    private String condition() {
      return "(? = '' OR lower(hex(b.sha256)) LIKE ? || '%') AND v.at < ?";
    }

    private void set(PreparedStatement statement) throws SQLException {
      statement.setString(1, model.orElse(""));
      statement.setString(2, model.orElse(""));
      statement.setLong(3, before.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
    }
  }

  private <T> T asking(WriteTransaction.Work<T> work) {
    try {
      return work.run();
    } catch (SQLException failed) {
      throw StoreProblem.broken(file, failed);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failed) {
      throw StoreProblem.broken(file, failed);
    }
  }
}
