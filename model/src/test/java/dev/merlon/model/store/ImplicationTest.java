package dev.merlon.model.store;

import static dev.merlon.model.store.StoreExamples.EVERY;
import static dev.merlon.model.store.StoreExamples.MERLON;
import static dev.merlon.model.store.StoreExamples.certified;
import static dev.merlon.model.store.StoreExamples.effort;
import static dev.merlon.model.store.StoreExamples.falsified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImplicationTest {
  private static final String SMALL = "linf:0x1.0p-4 clip [0,1]";
  private static final String LARGE = "linf:0x1.0p-3 clip [0,1]";
  private static final String LARGE_WHOLE = "linf:0x1.0p-3 clip none";
  private static final Outcome PROOF = certified(Rung.CROWN);
  private static final Outcome POINT = falsified(Rung.PGD, 0.5f);

  @Test
  void certificate_ofALargerRadius_answersTheSmallerOne() {
    assertThat(follows(SMALL, PROOF, LARGE)).isTrue();
    assertThat(follows(LARGE, PROOF, SMALL)).isFalse();
  }

  @Test
  void certificate_withoutClip_answersTheClippedSet() {
    assertThat(follows(LARGE, PROOF, LARGE_WHOLE)).isTrue();
    assertThat(follows(SMALL, PROOF, LARGE_WHOLE)).isTrue();
    assertThat(follows(LARGE_WHOLE, PROOF, LARGE)).isFalse();
  }

  @Test
  void certificate_ofAStrongerGuarantee_answersTheWeakerOne() {
    List<Guarantee> weakFirst = List.of(Guarantee.NOMINAL, Guarantee.REAL, Guarantee.DEPLOYED);
    for (Guarantee asked : weakFirst) {
      for (Guarantee known : weakFirst) {
        assertThat(
                new Implication(SMALL, asked)
                    .follows(stored(PROOF, LARGE, known, Optional.empty()), asks(EVERY)))
            .as(known + " for " + asked)
            .isEqualTo(weakFirst.indexOf(known) >= weakFirst.indexOf(asked));
      }
    }
  }

  @Test
  void certificate_ofARungThatIsNotAskedFor_answersNothing() {
    assertThat(
            new Implication(SMALL, Guarantee.REAL)
                .follows(
                    stored(PROOF, LARGE, Guarantee.REAL, Optional.empty()),
                    asks(List.of(Rung.IBP))))
        .isFalse();
  }

  @Test
  void counterexample_ofASmallerSet_answersTheLargerOne() {
    assertThat(follows(LARGE, POINT, SMALL)).isTrue();
    assertThat(follows(LARGE_WHOLE, POINT, LARGE)).isTrue();
    assertThat(follows(SMALL, POINT, LARGE)).isFalse();
    assertThat(follows(LARGE, POINT, LARGE_WHOLE)).isFalse();
  }

  @Test
  void counterexample_ofAnotherGuarantee_answers() {
    assertThat(
            new Implication(SMALL, Guarantee.DEPLOYED)
                .follows(
                    stored(POINT, SMALL, Guarantee.NOMINAL, Optional.empty()),
                    asks(List.of(Rung.IBP))))
        .isTrue();
  }

  @Test
  void counterexample_whereAnAttackIsMeasured_answersNothing() {
    assertThat(
            new Implication(LARGE, Guarantee.REAL)
                .follows(stored(POINT, SMALL, Guarantee.REAL, Optional.empty()), asks(EVERY)))
        .isFalse();
  }

  @Test
  void anything_ofAnotherNormOrUnknownSet_answersNothing() {
    assertThat(follows("l2:0x1.0p-4 clip [0,1]", PROOF, LARGE)).isFalse();
    assertThat(follows("rotate:30", PROOF, LARGE)).isFalse();
    assertThat(follows(SMALL, PROOF, "vnnlib:ab")).isFalse();
  }

  @Test
  void anything_disputed_answersNothing() {
    assertThat(
            new Implication(SMALL, Guarantee.REAL)
                .follows(
                    stored(PROOF, LARGE, Guarantee.REAL, Optional.of("but refuted")), asks(EVERY)))
        .isFalse();
  }

  private static boolean follows(String asked, Outcome outcome, String known) {
    return new Implication(asked, Guarantee.REAL)
        .follows(
            stored(outcome, known, Guarantee.REAL, Optional.empty()),
            asks(List.of(Rung.IBP, Rung.CROWN)));
  }

  private static FactRules.Asker asks(List<Rung> rungs) {
    return new FactRules.Asker(effort(rungs, 0, 1), MERLON, Set.of());
  }

  private static Fact.Stored stored(
      Outcome outcome, String set, Guarantee guarantee, Optional<String> disputed) {
    Fact.Source source = new Fact.Source(effort(EVERY, 0, 1), MERLON, true, 0);
    return new Fact.Stored(
        1, set, guarantee, new Fact(outcome, 0, Optional.empty(), source, 1), disputed);
  }
}
