package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of several micro-batches against steps of the whole batch. */
class AccumulationTest {
  private static final Offset<Double> ROUNDING = Offset.offset(1e-9);

  // Without batch norm nothing but the regulariser, a quotient of means, looks at a batch as a
  // whole.
  @ParameterizedTest
  @ValueSource(strings = {"natural", "pgd", "ibp", "sabr"})
  void steps_withoutBatchNorm_equalThoseOfTheWholeBatchToRounding(String objective) {
    String[] plain = {
      "objective.kind=" + objective, "network.batch-norm=false", "regulariser.weight=0"
    };
    String[] cut = {plain[0], plain[1], plain[2], "optimizer.accumulate=4"};
    try (LearnerFixture whole = LearnerFixture.of(plain);
        LearnerFixture parts = LearnerFixture.of(cut)) {
      for (long step = 0; step < 12; step++) {
        StepLosses expected = whole.forward(step);
        StepLosses losses = parts.forward(step);
        assertThat(losses.total()).isCloseTo(expected.total(), ROUNDING);
        assertThat(losses.robust()).isCloseTo(expected.robust(), ROUNDING);
        assertThat(losses.size()).isEqualTo(expected.size());
        assertThat(losses.correct()).isEqualTo(expected.correct());
        assertThat(losses.certified()).isEqualTo(expected.certified());
        whole.learner().backward();
        parts.learner().backward();
        double norm = whole.learner().update(whole.phase(step)).gradientNorm();
        assertThat(parts.learner().update(parts.phase(step)).gradientNorm())
            .isCloseTo(norm, ROUNDING);
      }
      assertClose(parts.learner().values(), whole.learner().values());
    }
  }

  // Two micro-batches with the same images have the statistics of one of them.
  @Test
  void step_withBatchNorm_everyMicroBatchHasItsOwnStatistics() {
    try (LearnerFixture cut =
            new LearnerFixture(6, "objective.kind=ibp", "optimizer.accumulate=2");
        LearnerFixture halves =
            new LearnerFixture(3, "objective.kind=ibp", "batch-size=3", "optimizer.l1=0")) {
      AttackedStep found = cut.search(9);
      assertThat(found.parts()).hasSize(2);
      assertThat(found.parts()).extracting(AttackedBatch::size).containsExactly(3, 3);
      StepLosses both = cut.learner().forward(found, cut.phase(9));
      cut.learner().abandon();
      double sum = 0;
      for (var half : SampleRun.batch(9, 6).parts(3)) {
        StepLosses losses =
            halves.learner().forward(halves.learner().search(half, cut.phase(9)), cut.phase(9));
        sum += losses.total();
        halves.learner().abandon();
      }
      assertThat(both.total()).isCloseTo(sum / 2, ROUNDING);
    }
  }

  @Test
  void update_withBatchNorm_movesRunningStatisticsOncePerMicroBatch() {
    String momentum = "batch-norm.momentum=1";
    try (LearnerFixture cut =
            LearnerFixture.of("objective.kind=ibp", "optimizer.accumulate=2", momentum);
        LearnerFixture last = LearnerFixture.of("objective.kind=ibp", "batch-size=3", momentum)) {
      var second = SampleRun.batch(0, 6).parts(3).get(1);
      last.learner().forward(last.learner().search(second, last.phase(0)), last.phase(0));
      last.learner().backward();
      last.learner().update(last.phase(0));
      cut.step(0);
      Map<String, HostTensor> expected = last.learner().values().tensors();
      cut.learner()
          .values()
          .tensors()
          .forEach(
              (name, value) -> {
                if (name.contains("running")) {
                  assertThat(value).as(name).isEqualTo(expected.get(name));
                }
              });
    }
  }

  @Test
  void search_lastBatchOfAnEpoch_isCutIntoPartsNoLargerThanTheOthers() {
    assertThat(SampleRun.batch(0, 5).parts(2)).extracting(b -> b.size()).containsExactly(1, 2, 2);
    assertThat(SampleRun.batch(0, 2).parts(4)).hasSize(1);
    List<Integer> labels =
        SampleRun.batch(0, 7).parts(3).stream()
            .flatMap(part -> java.util.Arrays.stream(part.labels()).boxed())
            .toList();
    assertThat(labels)
        .containsExactlyElementsOf(
            java.util.Arrays.stream(SampleRun.batch(0, 7).labels()).boxed().toList());
  }

  @Test
  void restore_inTheMiddle_continuesBitForBit() {
    String[] changes = {"objective.kind=sabr", "optimizer.accumulate=3"};
    try (LearnerFixture whole = LearnerFixture.of(changes);
        LearnerFixture resumed = LearnerFixture.of(changes)) {
      whole.steps(0, 9);
      resumed.learner().restore(whole.learner().state());
      whole.steps(9, 13);
      resumed.steps(9, 13);
      assertThat(resumed.learner().state()).isEqualTo(whole.learner().state());
    }
  }

  @Test
  void step_severalMicroBatches_leavesTheTensorsItFound() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=sabr", "optimizer.accumulate=4")) {
      Map<String, Integer> before = NativeMemory.liveTensors();
      run.steps(8, 11);
      assertThat(NativeMemory.liveTensors()).isEqualTo(before);
      run.forward(11);
      run.learner().abandon();
      assertThat(NativeMemory.liveTensors()).isEqualTo(before);
    }
  }

  private static void assertClose(ParameterValues actual, ParameterValues expected) {
    actual
        .tensors()
        .forEach(
            (name, value) ->
                assertThat(value.toDoubles())
                    .as(name)
                    .containsExactly(expected.get(name).toDoubles(), Offset.offset(1e-7)));
  }
}
