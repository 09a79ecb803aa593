package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.SmallModel;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.store.PropertyFacts;
import dev.merlon.model.store.Prover;
import dev.merlon.model.store.StoreLost;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are lost in the middle of the work. */
class OpenedStoreTest {
  private static final Effort EFFORT =
      Effort.of(List.of(Rung.IBP), AttackStrength.QUICK.attack(), 0, Duration.ofSeconds(1));
  private static final Query QUERY =
      Query.of(
          0,
          new float[] {0, 1, 0, 1},
          0,
          new Question(new NormBall(new LInf(), 0.1, true), Guarantee.REAL));

  private static final MarginBounds MARGINS = MarginBounds.of(0, 0, 0.25);
  private static final Outcome PROOF = new Outcome.Certified(Rung.IBP, MARGINS);
  private static final String PROPERTY = "ab".repeat(32);
  private static final Optional<String> WITHOUT = Optional.of("nothing is known");

  @TempDir private Path home;
  private final List<String> notes = new ArrayList<>();
  private Path file;
  private ImportedModel model;

  @BeforeEach
  void writeModel() throws IOException {
    file = home.resolve("facts.db");
    model = OnnxImport.read(SmallModel.write(home.resolve("small.onnx"), 2));
  }

  @Test
  void facts_namedStoreThatIsLost_fails() throws SQLException {
    try (OpenedStore store = open(StoreChoice.of(file));
        Facts facts = asked(store)) {
      lose();

      assertThatThrownBy(() -> facts.record(List.of(proved())))
          .isInstanceOf(StoreLost.class)
          .hasMessageContaining(file.toString());
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void facts_usualStoreThatIsLost_isLeftOutWithALine() throws SQLException {
    try (OpenedStore store = open(StoreChoice.USUAL);
        Facts facts = asked(store)) {
      lose();

      assertThat(facts.record(List.of(proved()))).containsExactly(proved());
    }
    assertThat(notes).singleElement().asString().contains(file.toString(), "left out");
  }

  @Test
  void tolerating_namedStoreThatIsLost_fails() throws SQLException {
    try (OpenedStore store = open(StoreChoice.of(file))) {
      PropertyFacts facts = store.about(model, PROPERTY, EFFORT).orElseThrow();
      lose();

      assertThatThrownBy(() -> store.tolerating(() -> keep(facts), WITHOUT))
          .isInstanceOf(StoreLost.class);
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void tolerating_usualStoreThatIsLost_saysSoAndAnswersWithout() throws SQLException {
    try (OpenedStore store = open(StoreChoice.USUAL)) {
      PropertyFacts facts = store.about(model, PROPERTY, EFFORT).orElseThrow();
      lose();

      assertThat(store.tolerating(() -> keep(facts), WITHOUT)).isEqualTo(WITHOUT);
    }
    assertThat(notes).singleElement().asString().contains(file.toString());
  }

  private OpenedStore open(StoreChoice choice) {
    return OpenedStore.open(choice, new StoreHome(() -> file, Prover.of("test")), notes::add);
  }

  private Facts asked(OpenedStore store) {
    Facts facts = store.facts(model, EFFORT, Set.of());
    assertThat(facts.known(List.of(QUERY))).isEmpty();
    return facts;
  }

  private static Optional<String> keep(PropertyFacts facts) {
    return facts.record(PROOF, Duration.ofSeconds(1));
  }

  private static Verdict proved() {
    return new Verdict(
        QUERY.property(), OptionalInt.of(0), PROOF, Optional.of(MARGINS), Guarantee.REAL, 1);
  }

  private void lose() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TRIGGER lost BEFORE INSERT ON verdict"
              + " BEGIN SELECT RAISE(ABORT, 'damaged on purpose'); END");
    }
  }
}
