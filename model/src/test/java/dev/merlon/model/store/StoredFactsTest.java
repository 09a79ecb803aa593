package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.EVERY;
import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static dev.merlon.model.store.StoreExamples.ask;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.effort;
import static dev.merlon.model.store.StoreExamples.facts;
import static dev.merlon.model.store.StoreExamples.falsified;
import static dev.merlon.model.store.StoreExamples.query;
import static dev.merlon.model.store.StoreExamples.timeout;
import static dev.merlon.model.store.StoreExamples.unknown;
import static dev.merlon.model.store.StoreExamples.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFactsTest {
  private static final SearchEffort BOUNDS = effort(List.of(Rung.PREDICT, Rung.CROWN), 0, 1000);

  @TempDir private Path folder;
  private CertificateStore store;

  @BeforeEach
  void open() {
    store = CertificateStore.open(folder.resolve("facts.db"), MERLON);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void known_everyKindAfterReopening_isTheVerdictThatWasRecorded() {
    List<Outcome> outcomes =
        List.of(
            certified(Rung.CROWN),
            falsified(Rung.PGD, 0.3f),
            unknown(),
            timeout(),
            new Outcome.Timeout(Rung.BAB),
            new Outcome.Misclassified());
    List<Verdict> recorded =
        outcomes.stream().map(each -> verdict(query(outcomes.indexOf(each)), each)).toList();
    List<Query> queries = outcomes.stream().map(each -> query(outcomes.indexOf(each))).toList();
    Facts facts = facts(store, WHOLE);
    assertThat(facts.known(queries)).isEmpty();
    assertThat(facts.record(recorded)).isEqualTo(recorded);
    close();
    open();

    assertThat(facts(store, WHOLE).known(queries)).isEqualTo(recorded);
  }

  @Test
  void known_anotherModelInputLabelOrSet_isNot() {
    ask(facts(store, WHOLE), query(1), certified(Rung.IBP));

    assertThat(facts(store, WHOLE).known(List.of(query(2), query(1, 0.2, true)))).isEmpty();
    Query query = query(1);
    Query otherLabel = Query.of(0, query.x(), 1, query.question());
    assertThat(facts(store, WHOLE).known(List.of(otherLabel))).isEmpty();
    var otherModel =
        new StoredFacts.Subject(new ModelKey("cd".repeat(32), StoreExamples.MODEL.use()), "b");
    assertThat(
            store
                .about(otherModel, WHOLE, Set.of(), new StoreExamples.Trusting())
                .known(List.of(query)))
        .isEmpty();
  }

  @Test
  void known_counterexample_onlyOnceItIsConfirmedAgain() {
    ask(facts(store, WHOLE), query(1), falsified(Rung.PGD, 0.5f));
    ask(facts(store, WHOLE), query(2), falsified(Rung.PGD, -0.5f));
    StoreExamples.Trusting confirmer = new StoreExamples.Trusting();

    Facts facts = facts(store, WHOLE, confirmer);

    assertThat(facts.known(List.of(query(1), query(2))))
        .singleElement()
        .satisfies(known -> assertThat(known.property()).isEqualTo(query(1).property()));
    assertThat(confirmer.asked).containsExactly(Candidate.at(0.5f, 1), Candidate.at(-0.5f, 1));
    facts.close();
    assertThat(confirmer.closed).isTrue();
  }

  @Test
  void known_manyCounterexamples_eachIsConfirmedForItsOwnQuery() {
    List<Query> queries = IntStream.range(0, 150).mapToObj(StoreExamples::query).toList();
    for (Query query : queries) {
      ask(facts(store, WHOLE), query, falsified(Rung.PGD, query.property().index() % 3 - 1));
    }

    assertThat(facts(store, WHOLE).known(queries).stream().map(known -> known.property().index()))
        .containsExactlyElementsOf(
            IntStream.range(0, 150).filter(index -> index % 3 > 0).boxed().toList());
  }

  @Test
  void known_pointOfAnotherLengthThanTheInput_isNotAskedAbout() {
    StoreExamples.Trusting confirmer = new StoreExamples.Trusting();
    Counterexample longer = Counterexample.at(1, 1, 1).seenAs(1);
    ask(facts(store, WHOLE), query(1), new Outcome.Falsified(Rung.PGD, longer));

    assertThat(facts(store, WHOLE, confirmer).known(List.of(query(1)))).isEmpty();
    assertThat(confirmer.asked).isEmpty();
  }

  @Test
  void known_sameFileUsedInAnotherWay_isNot() {
    ask(facts(store, WHOLE), query(1), certified(Rung.IBP));
    for (ModelUse use :
        List.of(
            new ModelUse(Optional.of("range 0..255"), Optional.empty()),
            new ModelUse(Optional.empty(), Optional.of(Threshold.parse("0.5"))))) {
      var subject = new StoredFacts.Subject(new ModelKey(StoreExamples.MODEL.sha256(), use), "b");
      assertThat(
              store
                  .about(subject, WHOLE, Set.of(), new StoreExamples.Trusting())
                  .known(List.of(query(1))))
          .isEmpty();
    }
  }

  @Test
  void record_anotherCounterexample_replacesPointAndParametersTogether() {
    Outcome moved =
        new Outcome.Falsified(
            Rung.PGD, Counterexample.at(Candidate.of(new float[] {0.5f, 1}, 0.25)).seenAs(1));
    Facts one = facts(store, WHOLE);
    Facts other = facts(store, WHOLE);
    one.known(List.of(query(1)));
    other.known(List.of(query(1)));
    one.record(List.of(verdict(query(1), moved)));
    other.record(List.of(verdict(query(1), falsified(Rung.PGD, 0.75f))));

    assertThat(facts(store, WHOLE).known(List.of(query(1))))
        .extracting(Verdict::outcome)
        .containsExactly(falsified(Rung.PGD, 0.75f));
  }

  @Test
  void record_impliedVerdict_isNotKept() {
    Query small = query(1, 0.1, true);
    Facts asker = facts(store, BOUNDS);
    asker.known(List.of(small));
    Outcome implied = new Outcome.Implied(certified(Rung.CROWN), "linf:0.2, real");

    asker.record(
        List.of(
            new Verdict(
                small.property(),
                OptionalInt.of(0),
                implied,
                Optional.empty(),
                Guarantee.REAL,
                1)));

    assertThat(store.read(List.of(key(small))).get(0)).isEmpty();
  }

  @Test
  void known_impliedCertificate_saysSoAndIsNotStored() {
    ask(facts(store, BOUNDS), query(1, 0.2, false), certified(Rung.CROWN));

    Verdict implied = facts(store, BOUNDS).known(List.of(query(1, 0.1, true))).get(0);

    assertThat(implied.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    assertThat(implied.outcome().reason()).hasValue("implied by linf:0.2 without clip, real");
    // Were it stored, it would itself answer the question between the two.
    assertThat(store.read(List.of(key(query(1, 0.1, true)))).get(0)).hasSize(1);
  }

  @Test
  void known_impliedCounterexample_isConfirmedForTheLargerSet() {
    ask(facts(store, BOUNDS), query(1, 0.1, true), falsified(Rung.BAB, 0.9f));

    Verdict implied = facts(store, BOUNDS).known(List.of(query(1, 0.2, true))).get(0);

    assertThat(implied.outcome())
        .isEqualTo(new Outcome.Implied(falsified(Rung.BAB, 0.9f), "linf:0.1, real"));
  }

  @Test
  void known_impliedAnswers_haveMarginsOnlyWhereTheyBoundTheSetAskedFor() {
    MarginBounds bounds = MarginBounds.of(0, 0, 2, 3);
    Facts asker = facts(store, BOUNDS);
    List<Query> asked = List.of(query(1, 0.2, true), query(2, 0.2, true));
    asker.known(asked);
    asker.record(
        List.of(
            bounded(asked.get(0), falsified(Rung.BAB, 0.9f), bounds),
            bounded(asked.get(1), new Outcome.Certified(Rung.CROWN, bounds), bounds)));

    assertThat(facts(store, BOUNDS).known(List.of(query(1, 0.3, true), query(2, 0.1, true))))
        .extracting(Verdict::margins)
        .containsExactly(Optional.empty(), Optional.of(bounds));
  }

  @Test
  void known_storedCertificateWhoseMarginsProveNothing_isDamageOfTheFile() throws Exception {
    ask(facts(store, BOUNDS), query(1), certified(Rung.CROWN));
    SqliteFile file = SqliteFile.at(folder.resolve("facts.db"));
    try (Connection connection = file.connect();
        Statement damage = connection.createStatement()) {
      damage.executeUpdate("UPDATE verdict SET margins = zeroblob(length(margins))");
    }

    assertThatThrownBy(() -> facts(store, BOUNDS).known(List.of(query(1))))
        .isInstanceOf(StoreLost.class)
        .hasMessageContaining("facts.db cannot be used: its verdict 1 is damaged: margins");
  }

  private static Verdict bounded(Query query, Outcome outcome, MarginBounds bounds) {
    return new Verdict(
        query.property(), OptionalInt.of(0), outcome, Optional.of(bounds), Guarantee.REAL, 1);
  }

  @Test
  void known_strongerAnswersThatContradictEachOther_areAConflict() {
    ask(facts(store, BOUNDS), query(1, 0.3, true), certified(Rung.CROWN));
    SearchEffort bab = effort(List.of(Rung.BAB), 0, 1000);
    ask(facts(store, bab), query(1, 0.1, true), falsified(Rung.BAB, 0.9f));

    Verdict known = facts(store, BOUNDS).known(List.of(query(1, 0.2, true))).get(0);

    assertThat(known.kind()).isEqualTo(Outcome.Kind.CONFLICT);
    assertThat(known.outcome().reason().orElseThrow()).contains("certified", "falsified");
  }

  @Test
  void known_ownFinalFactThatIsNoAnswer_isNotPassedOverByImplication() {
    ask(facts(store, effort(List.of(Rung.IBP), 0, 1)), query(1), certified(Rung.IBP));
    ask(facts(store, BOUNDS), query(1, 0.2, true), certified(Rung.CROWN));

    assertThat(facts(store, BOUNDS).known(List.of(query(1)))).isEmpty();
  }

  @Test
  void record_finalThatContradicts_isAConflictNowAndLater() {
    Facts one = facts(store, WHOLE);
    Facts other = facts(store, WHOLE);
    one.known(List.of(query(1)));
    other.known(List.of(query(1)));
    one.record(List.of(verdict(query(1), certified(Rung.CROWN))));

    Verdict alarm = other.record(List.of(verdict(query(1), falsified(Rung.PGD, 0.5f)))).get(0);

    assertThat(alarm.kind()).isEqualTo(Outcome.Kind.CONFLICT);
    assertThat(alarm.outcome().reason())
        .hasValue("certified by crown (Merlon 1.0), but falsified by pgd (Merlon 1.0)");
    assertThat(alarm.outcome().counterexample()).isPresent();
    assertThat(facts(store, WHOLE).known(List.of(query(1))))
        .singleElement()
        .satisfies(later -> assertThat(later.kind()).isEqualTo(Outcome.Kind.CONFLICT));
  }

  @Test
  void record_counterexampleThatIsContradicted_isAConflictEvenUnconfirmed() {
    Facts one = facts(store, WHOLE);
    Facts other = facts(store, WHOLE);
    one.known(List.of(query(1)));
    other.known(List.of(query(1)));
    one.record(List.of(verdict(query(1), falsified(Rung.PGD, -1))));
    other.record(List.of(verdict(query(1), certified(Rung.CROWN))));

    assertThat(facts(store, WHOLE).known(List.of(query(1))).get(0).kind())
        .isEqualTo(Outcome.Kind.CONFLICT);
  }

  @Test
  void record_whatIsNoAnswer_isNotKept() {
    Query query = query(1);
    List<Verdict> none =
        List.of(
            Verdict.unanswered(query, "the model is refused"),
            verdict(query, new Outcome.Unknown(Rung.BAB, "failed: OutOfMemoryError: heap")),
            verdict(query, new Outcome.Conflict(Rung.IBP, "disagree", Optional.empty())));
    for (Verdict each : none) {
      Facts facts = facts(store, WHOLE);
      facts.known(List.of(query));
      assertThat(facts.record(List.of(each))).containsExactly(each);
    }
    assertThat(facts(store, WHOLE).known(List.of(query))).isEmpty();
  }

  @Test
  void known_certificateOfAWithdrawnProver_isAskedAnew() throws SQLException {
    ask(facts(store, WHOLE), query(1), certified(Rung.CROWN));
    withdraw();

    Facts facts = facts(store, WHOLE);

    assertThat(facts.known(List.of(query(1)))).isEmpty();
    Verdict fresh = facts.record(List.of(verdict(query(1), falsified(Rung.PGD, 0.5f)))).get(0);
    assertThat(fresh.kind()).isEqualTo(Outcome.Kind.FALSIFIED);
  }

  @Test
  void known_predictedClass_isKept() {
    Facts facts = facts(store, WHOLE);
    facts.known(List.of(query(1)));
    Verdict seen =
        new Verdict(
            query(1).property(),
            OptionalInt.of(7),
            new Outcome.Misclassified(),
            Optional.empty(),
            Guarantee.REAL,
            1);
    facts.record(List.of(seen));
    assertThat(facts(store, effort(EVERY, 9, 1)).known(List.of(query(1)))).containsExactly(seen);
  }

  private static QueryKey key(Query query) {
    return QueryKey.of(StoreExamples.MODEL, query);
  }

  private void withdraw() throws SQLException {
    try (var connection = new SqliteFile(store.file()).connect()) {
      WriteTransaction.execute(connection, "UPDATE prover SET sound = 0");
    }
  }
}
