package dev.merlon.actors.report;

import static dev.merlon.model.verify.verdict.Outcome.Kind.CERTIFIED;
import static dev.merlon.model.verify.verdict.Outcome.Kind.FALSIFIED;
import static dev.merlon.model.verify.verdict.Outcome.Kind.MISCLASSIFIED;
import static dev.merlon.model.verify.verdict.Outcome.Kind.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Outcome.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleChoiceTest {
  private static final PerturbationSet LINF = new NormBall(Norm.of("linf"), 0.1, true);
  private static final PerturbationSet L2 = new NormBall(Norm.of("l2"), 0.5, true);

  private final Map<Integer, Map<PerturbationSet, Kind>> kinds = new LinkedHashMap<>();

  @Test
  void of_everyKind_takesTheFirstTwoOfEachInOrder() {
    verdicts(9, CERTIFIED, CERTIFIED);
    verdicts(0, MISCLASSIFIED, MISCLASSIFIED);
    verdicts(1, FALSIFIED, FALSIFIED);
    verdicts(2, CERTIFIED, CERTIFIED);
    verdicts(3, CERTIFIED, UNKNOWN);
    verdicts(4, CERTIFIED, CERTIFIED);
    verdicts(5, UNKNOWN, FALSIFIED);
    verdicts(6, FALSIFIED, FALSIFIED);

    assertThat(SampleChoice.of(kinds, 2)).containsExactly(2, 4, 3, 5, 1, 6);
  }

  @Test
  void of_unfinishedInput_isNotChosen() {
    kinds.put(0, Map.of(LINF, CERTIFIED));

    assertThat(SampleChoice.of(kinds, 2)).isEmpty();
  }

  private void verdicts(int index, Kind linf, Kind l2) {
    kinds.put(index, Map.of(LINF, linf, L2, l2));
  }
}
