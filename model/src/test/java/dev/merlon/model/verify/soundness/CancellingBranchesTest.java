package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Networks that break verifiers which trust floating-point numbers, through the whole ladder. */
class CancellingBranchesTest {
  private static final List<Rung> RUNGS = List.of(Rung.values());
  private static final Duration LIMIT = Duration.ofMillis(300);

  @Test
  void verify_realAndDeployed_noFalsePropertyIsCertified() {
    for (Guarantee guarantee : List.of(Guarantee.REAL, Guarantee.DEPLOYED)) {
      Map<Outcome.Kind, Integer> wrong = verdicts(guarantee, false);
      assertThat(wrong).as("%s %s", guarantee, wrong).doesNotContainKey(Outcome.Kind.CERTIFIED);
      assertThat(wrong).isNotEmpty();
    }
  }

  @Test
  void verify_realAndDeployed_certifyWhereSizesAreOrdinary() {
    assertThat(verdicts(Guarantee.REAL, true)).containsKey(Outcome.Kind.CERTIFIED);
    assertThat(verdicts(Guarantee.DEPLOYED, true)).containsKey(Outcome.Kind.CERTIFIED);
  }

  @Test
  void verify_nominal_certifiesWhatIsFalse() {
    assertThat(verdicts(Guarantee.NOMINAL, false)).containsKey(Outcome.Kind.CERTIFIED);
  }

  private static Map<Outcome.Kind, Integer> verdicts(Guarantee guarantee, boolean holds) {
    Map<Outcome.Kind, Integer> counts = new EnumMap<>(Outcome.Kind.class);
    List<Integer> refused = new ArrayList<>();
    int seed = 0;
    for (int bits = 0; bits <= 70; bits += 10) {
      for (String norm : VerifierSuite.NORMS) {
        CancellingBranches drawn = CancellingBranches.of(seed++, bits, holds, norm);
        assertThat(drawn.smallest() > 0).isEqualTo(holds);
        int exponent = bits;
        answer(drawn, guarantee)
            .ifPresentOrElse(
                verdict -> counts.merge(verdict.kind(), 1, Integer::sum),
                () -> refused.add(exponent));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "Cancelling branches, %s, properties that are %s: %s, models refused %d%n",
        guarantee.word(),
        holds,
        counts,
        refused.size());
    return counts;
  }

  // None where graph and file differ already on random inputs: such a model is refused.
  private static Optional<Verdict> answer(CancellingBranches drawn, Guarantee guarantee) {
    Query query = Query.of(0, drawn.query().x(), 0, new Question(drawn.query().set(), guarantee));
    Effort quick = Effort.of(RUNGS, VerifierSuite.effort(RUNGS).attack(), 1, LIMIT);
    try (Verifier verifier = VerifierSuite.open(drawn.model())) {
      return Optional.of(verifier.verify(List.of(query), quick).get(0));
    } catch (MerlonException refused) {
      assertThat(refused.failure()).isInstanceOf(Failure.ModelFormat.class);
      return Optional.empty();
    }
  }
}
