package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.sample.OwnProcess;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native memory of steps: the same tensors after each of them, and flat resident memory. */
class LearnerMemoryTest {
  @ParameterizedTest
  @ValueSource(strings = {"natural", "pgd", "ibp", "sabr"})
  void step_everyObjectiveAndPhase_leavesTheTensorsItFound(String objective) {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=" + objective)) {
      Map<String, Integer> before = NativeMemory.liveTensors();
      assertThat(before).containsKeys("weights", "adam");
      for (long step = 0; step < 16; step++) {
        run.step(step);
        assertThat(NativeMemory.liveTensors()).as("after step %d", step).isEqualTo(before);
      }
    }
  }

  @Test
  void statisticsAndEvaluation_leaveTheTensorsTheyFound() {
    try (LearnerFixture run =
        LearnerFixture.of("objective.kind=ibp", "selection.metric=adversarial")) {
      EvaluationPlan plan = EvaluationPlan.of(run.settings());
      Map<String, Integer> before = NativeMemory.liveTensors();
      for (int round = 0; round < 3; round++) {
        run.learner().beginStatistics(Weights.TRAINED);
        run.learner().addStatistics(SampleRun.batch(round, 6));
        run.learner().addStatistics(SampleRun.batch(round + 1, 6));
        run.learner().finishStatistics();
        run.learner().evaluate(SampleRun.batch(9, 6), Weights.TRAINED, plan);
        run.learner().state();
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
      }
    }
  }

  @Test
  void steps_thousand_keepResidentMemoryFlat() throws IOException, InterruptedException {
    assertThat(OwnProcess.run(ThousandSteps.class)).contains(ThousandSteps.DONE);
  }
}
