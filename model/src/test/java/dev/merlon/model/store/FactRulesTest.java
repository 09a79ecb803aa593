package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.EVERY;
import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.WHOLE;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.effort;
import static dev.merlon.model.store.StoreExamples.falsified;
import static dev.merlon.model.store.StoreExamples.timeout;
import static dev.merlon.model.store.StoreExamples.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.store.FactRules.Change;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactRulesTest {
  private static final Outcome MISCLASSIFIED = new Outcome.Misclassified();
  private static final List<Outcome> FINAL =
      List.of(certified(Rung.IBP), falsified(Rung.PGD, 0.5f), MISCLASSIFIED);

  @Test
  void change_finalAfterOpen_replacesIt() {
    for (Outcome open : List.of(unknown(), timeout())) {
      for (Outcome found : FINAL) {
        assertThat(FactRules.change(fact(open), fact(found))).isEqualTo(Change.REPLACE);
        assertThat(FactRules.change(fact(found), fact(open))).isEqualTo(Change.KEEP);
      }
    }
  }

  @Test
  void change_twoFinals_differOrAgree() {
    for (Outcome stored : FINAL) {
      for (Outcome fresh : FINAL) {
        assertThat(FactRules.change(fact(stored), fact(fresh)))
            .as(stored + " then " + fresh)
            .isEqualTo(stored.kind() == fresh.kind() ? Change.REPLACE : Change.DISPUTE);
      }
    }
  }

  @Test
  void change_openAfterOpen_replacesWhatTriedLess() {
    Fact stored = fact(timeout(), effort(List.of(Rung.PREDICT, Rung.IBP), 0, 1000));
    assertThat(FactRules.change(stored, fact(unknown(), asMuch(stored, 999))))
        .isEqualTo(Change.KEEP);
    assertThat(FactRules.change(stored, fact(unknown(), asMuch(stored, 1000))))
        .isEqualTo(Change.KEEP);
    assertThat(FactRules.change(stored, fact(unknown(), asMuch(stored, 1001))))
        .isEqualTo(Change.REPLACE);
    assertThat(FactRules.change(stored, fact(unknown(), effort(List.of(Rung.CROWN), 0, 1))))
        .isEqualTo(Change.REPLACE);
  }

  @Test
  void change_openOfAnotherVersion_replacesIt() {
    assertThat(FactRules.change(fact(unknown()), of(unknown(), WHOLE, Prover.of("2.0"), true)))
        .isEqualTo(Change.REPLACE);
  }

  @Test
  void change_withdrawnCertificate_givesWayToAnything() {
    Fact withdrawn = of(certified(Rung.IBP), WHOLE, MERLON, false);
    assertThat(FactRules.change(withdrawn, fact(unknown()))).isEqualTo(Change.REPLACE);
    assertThat(FactRules.change(withdrawn, fact(falsified(Rung.PGD, 0.5f))))
        .isEqualTo(Change.REPLACE);
  }

  @Test
  void answers_certificate_ofASoundProverAndARungAskedFor() {
    Fact proof = fact(certified(Rung.CROWN), effort(EVERY, 7, 5));
    assertThat(FactRules.answers(proof, asks(WHOLE))).isTrue();
    assertThat(FactRules.answers(proof, asks(effort(List.of(Rung.CROWN), 0, 9)))).isTrue();
    assertThat(FactRules.answers(proof, asks(effort(List.of(Rung.IBP, Rung.BAB), 0, 1)))).isFalse();
    assertThat(FactRules.answers(of(certified(Rung.CROWN), WHOLE, MERLON, false), asks(WHOLE)))
        .isFalse();
  }

  @Test
  void answers_counterexample_forAnAdversarialAccuracyOnlyOfTheSameAttack() {
    Fact point = fact(falsified(Rung.PGD, 0.5f), effort(EVERY, 3, 1));
    assertThat(FactRules.answers(point, asks(effort(List.of(Rung.IBP), 0, 9)))).isTrue();
    assertThat(FactRules.answers(point, asks(effort(List.of(Rung.PGD), 3, 9)))).isTrue();
    assertThat(FactRules.answers(point, asks(effort(List.of(Rung.PGD), 4, 9)))).isFalse();
    SearchEffort stronger = new SearchEffort(List.of(Rung.PGD), "standard", 3, 9);
    assertThat(FactRules.answers(point, asks(stronger))).isFalse();
    Fact searched = fact(falsified(Rung.BAB, 0.5f), effort(EVERY, 3, 1));
    assertThat(FactRules.answers(searched, asks(effort(List.of(Rung.PGD), 3, 9)))).isFalse();
    assertThat(FactRules.answers(searched, asks(effort(EVERY, 3, 9)))).isTrue();
  }

  @Test
  void answers_open_whereAtLeastAsMuchWasTried() {
    Fact open = fact(unknown(), effort(List.of(Rung.IBP, Rung.PGD), 3, 100));
    assertThat(FactRules.answers(open, asks(effort(List.of(Rung.IBP, Rung.PGD), 3, 100)))).isTrue();
    assertThat(FactRules.answers(open, asks(effort(List.of(Rung.PGD), 3, 99)))).isTrue();
    assertThat(FactRules.answers(open, asks(effort(List.of(Rung.PGD), 3, 101)))).isFalse();
    assertThat(FactRules.answers(open, asks(effort(List.of(Rung.PGD), 4, 99)))).isFalse();
    assertThat(FactRules.answers(open, asks(effort(List.of(Rung.CROWN), 3, 99)))).isFalse();
    assertThat(FactRules.answers(open, asks(new SearchEffort(List.of(Rung.IBP), "", 0, 99))))
        .isTrue();
    var newer = new FactRules.Asker(open.source().effort(), Prover.of("2.0"), Set.of());
    assertThat(FactRules.answers(open, newer)).isFalse();
  }

  @Test
  void answers_retried_isAskedAgain() {
    var again = new FactRules.Asker(WHOLE, MERLON, Set.of(Outcome.Kind.TIMEOUT));
    assertThat(FactRules.answers(fact(timeout()), again)).isFalse();
    assertThat(FactRules.answers(fact(unknown()), again)).isTrue();
  }

  @Test
  void answers_misclassified_everybody() {
    assertThat(FactRules.answers(fact(MISCLASSIFIED), asks(effort(List.of(Rung.PGD), 9, 1))))
        .isTrue();
  }

  private static SearchEffort asMuch(Fact like, long millis) {
    return effort(like.source().effort().rungs(), 0, millis);
  }

  private static FactRules.Asker asks(SearchEffort effort) {
    return new FactRules.Asker(effort, MERLON, Set.of());
  }

  private static Fact fact(Outcome outcome) {
    return fact(outcome, WHOLE);
  }

  private static Fact fact(Outcome outcome, SearchEffort effort) {
    return of(outcome, effort, MERLON, true);
  }

  private static Fact of(Outcome outcome, SearchEffort effort, Prover prover, boolean sound) {
    return new Fact(outcome, 0, Optional.empty(), new Fact.Source(effort, prover, sound, 0), 1);
  }
}
