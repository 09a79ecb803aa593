package dev.merlon.model.verify.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnionTallyTest {
  private static final PerturbationSet LINF = new NormBall(new LInf(), 0.3, true);
  private static final PerturbationSet L2 = new NormBall(new L2(), 0.5, true);
  private static final Outcome CERTIFIED =
      new Outcome.Certified(Rung.IBP, MarginBounds.of(0, 0, 1));
  private static final Outcome UNKNOWN = new Outcome.Unknown(Rung.CROWN, "loose");
  private static final Outcome FALSIFIED = new Outcome.Falsified(Rung.PGD, Counterexample.at(0.5f));
  private static final Outcome MISCLASSIFIED = new Outcome.Misclassified();

  @Test
  void summary_twoThreats_unionCountsInputsProvedForBoth() {
    Summary summary = fiveInputs().summary();

    assertThat(summary.natural()).isEqualTo(new Share(4, 0, 5));
    assertThat(summary.threat("linf:0.3").orElseThrow().certified()).isEqualTo(new Share(2, 1, 5));
    assertThat(summary.threat("l2:0.5").orElseThrow().certified()).isEqualTo(new Share(3, 1, 5));
    // 0 proved for both, 1 for one and open for the other, 2 open and proved; 3, 4 lost.
    assertThat(summary.union()).isEqualTo(new Share(1, 2, 5));
    assertThat(summary.complete()).isTrue();
    assertThat(summary.rungs())
        .containsEntry(Rung.IBP, 5)
        .containsEntry(Rung.PGD, 1)
        .containsEntry(Rung.PREDICT, 2)
        .doesNotContainKey(Rung.CROWN);
  }

  @Test
  void summary_attacked_survivorsAreCorrectAndNotRefuted() {
    Summary summary = fiveInputs().summary();

    assertThat(summary.threat("linf:0.3").orElseThrow().adversarial()).hasValue(new Share(3, 0, 5));
    assertThat(summary.threat("l2:0.5").orElseThrow().adversarial()).hasValue(new Share(4, 0, 5));
    assertThat(summary.surviving()).hasValue(new Share(3, 0, 5));
  }

  @Test
  void summary_unionUnderAttack_losesWhatAnyThreatLoses() {
    UnionTally tally = new UnionTally(List.of(LINF, L2), 4, true);
    tally.add(verdict(0, LINF, UNKNOWN));
    tally.add(verdict(0, L2, FALSIFIED));
    tally.add(verdict(1, LINF, FALSIFIED));
    tally.add(verdict(2, LINF, UNKNOWN));
    assertThat(tally.summary().surviving()).hasValue(new Share(0, 2, 4));
    tally.add(verdict(2, L2, CERTIFIED));
    assertThat(tally.summary().surviving()).hasValue(new Share(1, 1, 4));
  }

  @Test
  void summary_attackThatCouldNotRun_isOpenAndNoSurvivor() {
    UnionTally tally = new UnionTally(List.of(LINF, L2), 6, true);
    List<Outcome> notAttacked =
        List.of(
            Outcome.Unknown.failed(Rung.PGD, "OrtException: full"),
            Outcome.Unknown.failed(Rung.IBP, "broken bounds"),
            new Outcome.Timeout(Rung.CROWN_IBP));
    List<Outcome> attacked =
        List.of(
            Outcome.Unknown.failed(Rung.CROWN, "broken later"),
            new Outcome.Unknown(Rung.PGD, "nothing found"));
    for (Outcome outcome : Stream.concat(attacked.stream(), notAttacked.stream()).toList()) {
      int index = tally.answered().size();
      tally.add(verdict(index, LINF, outcome));
      tally.add(verdict(index, L2, UNKNOWN));
    }
    Query query = Query.of(5, new float[1], 0, new Question(LINF, Guarantee.NOMINAL));
    tally.add(Verdict.unanswered(query, "no model"));

    Summary summary = tally.summary();

    assertThat(summary.threat("linf:0.3").orElseThrow().adversarial()).hasValue(new Share(2, 4, 6));
    assertThat(summary.surviving()).hasValue(new Share(2, 4, 6));
    assertThat(summary.unprocessed())
        .isEqualTo(new Summary.Unprocessed(4, Optional.of("failed: broken later")));
  }

  @Test
  void summary_inputsOutstanding_countAsOpen() {
    UnionTally tally = new UnionTally(List.of(LINF, L2), 10, false);
    tally.add(verdict(0, LINF, CERTIFIED));
    tally.add(verdict(1, LINF, FALSIFIED));
    Summary summary = tally.summary();

    assertThat(summary.union()).isEqualTo(new Share(0, 9, 10));
    assertThat(summary.threat("l2:0.5").orElseThrow().certified()).isEqualTo(new Share(0, 10, 10));
    assertThat(summary.threats().get(0).adversarial()).isEmpty();
    assertThat(summary.complete()).isFalse();
  }

  @Test
  void summaryOf_someInputs_countsThoseAlone() {
    UnionTally tally = fiveInputs();

    assertThat(tally.answered()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(tally.summaryOf(tally.answered())).isEqualTo(tally.summary());
    Summary two = tally.summaryOf(Set.of(0, 1));
    assertThat(two.natural()).isEqualTo(new Share(2, 0, 2));
    assertThat(two.union()).isEqualTo(new Share(1, 1, 2));
    assertThat(tally.summary().inputs()).isEqualTo(5);
  }

  @Test
  void add_foreignThreatOrTooManyInputs_refused() {
    UnionTally tally = new UnionTally(List.of(LINF), 1, false);
    tally.add(verdict(0, LINF, CERTIFIED));
    tally.add(verdict(0, LINF, CERTIFIED));

    assertThatThrownBy(() -> tally.add(verdict(0, L2, CERTIFIED)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tally.add(verdict(1, LINF, CERTIFIED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decide_thresholdReachedLostOrOpen_acceptedRejectedUndecided() {
    Summary summary = fiveInputs().summary();

    assertThat(Requirement.parse("union>=0.2").decide(summary))
        .isEqualTo(Requirement.Decision.ACCEPTED);
    assertThat(Requirement.parse("union>=0.21").decide(summary))
        .isEqualTo(Requirement.Decision.UNDECIDED);
    assertThat(Requirement.parse("union >= 0.6").decide(summary))
        .isEqualTo(Requirement.Decision.UNDECIDED);
    assertThat(Requirement.parse("union>=0.61").decide(summary))
        .isEqualTo(Requirement.Decision.REJECTED);
    assertThat(Requirement.parse("natural>=0.8").decide(summary))
        .isEqualTo(Requirement.Decision.ACCEPTED);
    assertThat(Requirement.parse("l2:1/2>=0.9").decide(summary))
        .isEqualTo(Requirement.Decision.REJECTED);
  }

  @Test
  void decide_several_allHaveToHold() {
    Requirement accepted = Requirement.parse("natural>=0.8");
    Requirement undecided = Requirement.parse("union>=0.6");
    Requirement rejected = Requirement.parse("l2:1/2>=0.9");
    Summary summary = fiveInputs().summary();

    assertThat(Requirement.decide(List.of(accepted, accepted), summary))
        .isEqualTo(Requirement.Decision.ACCEPTED);
    assertThat(Requirement.decide(List.of(accepted, undecided), summary))
        .isEqualTo(Requirement.Decision.UNDECIDED);
    assertThat(Requirement.decide(List.of(accepted, rejected, undecided), summary))
        .isEqualTo(Requirement.Decision.REJECTED);
  }

  @Test
  void decide_threatNotAskedFor_refusedWithTheNames() {
    Requirement requirement = Requirement.parse("linf:0.1>=0.5");

    assertThatThrownBy(() -> requirement.decide(fiveInputs().summary()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("linf:0.1");
  }

  @Test
  void parse_malformedRequirement_refused() {
    for (String text :
        List.of("union", "union>=x", "union>=1.5", "union>=NaN", "l7:1>=0.5", ">=1")) {
      assertThatThrownBy(() -> Requirement.parse(text))
          .as(text)
          .isInstanceOf(MerlonException.class);
    }
  }

  private static UnionTally fiveInputs() {
    UnionTally tally = new UnionTally(List.of(LINF, L2), 5, true);
    tally.add(verdict(0, LINF, CERTIFIED));
    tally.add(verdict(0, L2, CERTIFIED));
    tally.add(verdict(1, LINF, CERTIFIED));
    tally.add(verdict(1, L2, UNKNOWN));
    tally.add(verdict(2, LINF, UNKNOWN));
    tally.add(verdict(2, L2, CERTIFIED));
    tally.add(verdict(3, LINF, FALSIFIED));
    tally.add(verdict(3, L2, CERTIFIED));
    tally.add(verdict(4, LINF, MISCLASSIFIED));
    tally.add(verdict(4, L2, MISCLASSIFIED));
    return tally;
  }

  private static Verdict verdict(int index, PerturbationSet set, Outcome outcome) {
    int predicted = outcome instanceof Outcome.Misclassified ? 1 : 0;
    return new Verdict(
        new Property(index, Optional.empty(), 0, set),
        OptionalInt.of(predicted),
        outcome,
        outcome instanceof Outcome.Certified proof
            ? Optional.of(proof.margins())
            : Optional.empty(),
        Guarantee.NOMINAL,
        1);
  }
}
