package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native memory of steps: the same tensors after each of them, and flat resident memory. */
class LearnerMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

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

  // A step's graph takes more than a mebibyte here, so that keeping each of them would show as
  // gibibytes.
  @Test
  void steps_thousand_keepResidentMemoryFlat() {
    try (LearnerFixture run =
        new LearnerFixture(64, "objective.kind=ibp", "network.preset=mlp", "network.width=32")) {
      touchTheHeap();
      run.steps(0, 50);
      Map<String, Integer> live = NativeMemory.liveTensors();
      long before = outsideTheHeap();
      run.steps(50, 1050);
      long growth = outsideTheHeap() - before;
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(growth / MEBIBYTE).as("growth in MiB").isLessThan(400);
    }
  }

  // Pages of the heap count as resident from their first use on; afterwards they cannot be taken
  // for native memory that grows.
  private static void touchTheHeap() {
    List<byte[]> blocks = new ArrayList<>();
    long wanted = Runtime.getRuntime().maxMemory() * 3 / 5;
    for (long taken = 0; taken < wanted; taken += 4 * MEBIBYTE) {
      blocks.add(new byte[Math.toIntExact(4 * MEBIBYTE)]);
    }
    assertThat(blocks).isNotEmpty();
  }

  private static long outsideTheHeap() {
    System.gc();
    long resident = NativeMemory.residentBytes().orElse(0);
    return resident - Runtime.getRuntime().totalMemory();
  }
}
