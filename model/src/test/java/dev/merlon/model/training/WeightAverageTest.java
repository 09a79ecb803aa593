package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  private static final Offset<Double> TINY = Offset.offset(1e-14);

  @Test
  void averageWeights_severalEpochs_isTheirPlainMean() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      List<ParameterValues> epochs = new ArrayList<>();
      assertThat(run.learner().state().average()).isEmpty();
      for (int epoch = 0; epoch < 3; epoch++) {
        run.steps(4L * epoch, 4L * epoch + 4);
        epochs.add(run.learner().values());
        run.learner().averageWeights();
      }
      AverageState average = run.learner().state().average().orElseThrow();
      assertThat(average.epochs()).isEqualTo(3);
      assertThat(run.learner().state().result()).isEqualTo(average.values());
      run.learner()
          .network()
          .parameters()
          .forEach(
              (name, spec) -> {
                double[] actual = average.values().get(name).toDoubles();
                for (int i = 0; i < actual.length; i++) {
                  int at = i;
                  double expected =
                      spec.role().trainable()
                          ? epochs.stream()
                              .mapToDouble(e -> e.get(name).toDoubles()[at])
                              .average()
                              .orElseThrow()
                          : epochs.get(2).get(name).toDoubles()[i];
                  assertThat(actual[i]).as(name).isCloseTo(expected, TINY);
                }
              });
      assertThat(run.learner().values()).isEqualTo(epochs.get(2));
    }
  }

  // The statistics of the average are those a learner with these weights would measure.
  @Test
  void finishStatistics_averaged_measuresTheAverageAndLeavesTheTrainedOnes() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp");
        LearnerFixture other = LearnerFixture.of("objective.kind=ibp")) {
      for (int epoch = 0; epoch < 2; epoch++) {
        run.steps(4L * epoch, 4L * epoch + 4);
        run.learner().averageWeights();
      }
      LearnerState before = run.learner().state();
      measure(run.learner(), Weights.AVERAGED);
      LearnerState after = run.learner().state();
      assertThat(after.values()).isEqualTo(before.values());
      assertThat(after.optimizer()).isEqualTo(before.optimizer());
      assertThat(after.average()).isNotEqualTo(before.average());

      ParameterValues average = before.average().orElseThrow().values();
      other.learner().restore(new LearnerState(average, before.optimizer()));
      measure(other.learner(), Weights.TRAINED);
      assertThat(after.average().orElseThrow().values()).isEqualTo(other.learner().values());
    }
  }

  @Test
  void restore_betweenTwoEpochs_continuesBitForBit() {
    try (LearnerFixture whole = LearnerFixture.of("device.precision=float32");
        LearnerFixture resumed = LearnerFixture.of("device.precision=float32")) {
      epochs(whole, 1, 3);
      LearnerState state = whole.learner().state();
      epochs(whole, 3, 5);

      epochs(resumed, 4, 5);
      resumed.learner().restore(state);
      assertThat(resumed.learner().state()).isEqualTo(state);
      epochs(resumed, 3, 5);
      assertThat(resumed.learner().state()).isEqualTo(whole.learner().state());

      LearnerState none = new LearnerState(state.values(), state.optimizer(), Optional.empty());
      resumed.learner().restore(none);
      assertThat(resumed.learner().state()).isEqualTo(none);
    }
  }

  @Test
  void averageWeights_overEpochs_keepsOneAverageOnTheDevice() {
    try (LearnerFixture run = LearnerFixture.of()) {
      epochs(run, 0, 1);
      Map<String, Integer> live = NativeMemory.liveTensors();
      epochs(run, 1, 3);
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
    }
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("average", "averaged weights");
  }

  @Test
  void beginStatistics_beforeAnAverage_isRefused() {
    try (LearnerFixture run = LearnerFixture.of()) {
      assertThatThrownBy(() -> run.learner().beginStatistics(Weights.AVERAGED))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void epochs(LearnerFixture run, int from, int to) {
    for (int epoch = from; epoch < to; epoch++) {
      run.steps(4L * epoch, 4L * epoch + 4);
      measure(run.learner(), Weights.TRAINED);
      run.learner().averageWeights();
      measure(run.learner(), Weights.AVERAGED);
    }
  }

  private static void measure(Learner learner, Weights weights) {
    learner.beginStatistics(weights);
    learner.addStatistics(SampleRun.batch(20, 6));
    learner.addStatistics(SampleRun.batch(21, 6));
    learner.finishStatistics();
  }
}
