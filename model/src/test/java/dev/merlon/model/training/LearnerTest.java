package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerTest {
  private static final String SABR = "objective.kind=sabr";

  @AfterEach
  void nothingLeft() {
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("learner", "batch", "step", "weights", "adam", "statistics", "attack");
  }

  @ParameterizedTest
  @ValueSource(strings = {"natural", "pgd", "ibp", "sabr"})
  void steps_everyObjective_learn(String objective) {
    for (String precision : List.of("float32", "float64")) {
      try (LearnerFixture run =
          LearnerFixture.of("objective.kind=" + objective, "device.precision=" + precision)) {
        double first = run.forward(0).natural();
        run.learner().abandon();
        run.steps(0, 16);
        StepLosses last = run.forward(15);
        assertThat(last.isFinite()).isTrue();
        assertThat(last.natural()).as(objective).isLessThan(first);
        assertThat(last.size()).isEqualTo(6);
        assertThat(last.certified()).isLessThanOrEqualTo(last.correct());
        assertThat(run.learner().values().get("conv1.weight").type().name())
            .isEqualToIgnoringCase(precision);
      }
    }
  }

  @Test
  void steps_twoLearners_endInEqualBits() {
    try (LearnerFixture one = LearnerFixture.of(SABR);
        LearnerFixture two = LearnerFixture.of(SABR)) {
      one.steps(0, 8);
      two.steps(0, 8);
      assertThat(two.learner().state()).isEqualTo(one.learner().state());
    }
  }

  @Test
  void steps_otherSeed_attackElsewhere() {
    try (LearnerFixture one = LearnerFixture.of(SABR);
        LearnerFixture two = LearnerFixture.of(SABR, "seed=4")) {
      two.learner().restore(one.learner().state());
      one.step(10);
      two.step(10);
      assertThat(two.learner().values()).isNotEqualTo(one.learner().values());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float64"})
  void restore_stateInTheMiddle_continuesBitForBit(String precision) {
    String type = "device.precision=" + precision;
    try (LearnerFixture whole = LearnerFixture.of(SABR, type);
        LearnerFixture resumed = LearnerFixture.of(SABR, type, "initialisation=default")) {
      whole.steps(0, 5);
      LearnerState state = whole.learner().state();
      whole.steps(5, 13);
      LearnerState end = whole.learner().state();

      resumed.learner().restore(state);
      assertThat(resumed.learner().state()).isEqualTo(state);
      resumed.steps(5, 13);
      assertThat(resumed.learner().state()).isEqualTo(end);

      whole.learner().restore(state);
      whole.steps(5, 13);
      assertThat(whole.learner().state()).isEqualTo(end);
    }
  }

  @Test
  void update_report_countsFromTheRestoredState() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      assertThat(run.step(0).updates()).isEqualTo(1);
      assertThat(run.step(1).updates()).isEqualTo(2);
      LearnerState state = run.learner().state();
      run.step(2);
      run.learner().restore(state);
      assertThat(run.step(2).updates()).isEqualTo(3);
    }
  }

  @Test
  void search_alone_changesNothing() {
    try (LearnerFixture run = LearnerFixture.of(SABR)) {
      LearnerState before = run.learner().state();
      try (AttackedStep found = run.search(9)) {
        assertThat(found.parts().get(0).points()).hasSize(1);
        assertThat(found.size()).isEqualTo(6);
      }
      assertThat(run.learner().state()).isEqualTo(before);
    }
  }

  @Test
  void search_inTheRamp_keepsOnlyWhatTheStepNeeds() {
    try (LearnerFixture run = LearnerFixture.of(SABR)) {
      try (AttackedStep found = run.search(9)) {
        assertThat(found.parts().get(0).scope().liveTensors()).isEqualTo(3);
        assertThat(NativeMemory.openScopes()).doesNotContainKeys("search", "clean pass", "attack");
      }
    }
  }

  @Test
  void abandon_openStep_freesItAndChangesNothing() {
    try (LearnerFixture run = LearnerFixture.of(SABR)) {
      run.step(0);
      LearnerState before = run.learner().state();
      Map<String, Integer> live = NativeMemory.liveTensors();
      run.forward(9);
      run.learner().abandon();
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      run.forward(9);
      run.learner().backward();
      run.learner().abandon();
      run.learner().abandon();
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(run.learner().state()).isEqualTo(before);
    }
  }

  @Test
  void abandon_thenTheSameStep_givesTheSameBits() {
    try (LearnerFixture disturbed = LearnerFixture.of(SABR);
        LearnerFixture plain = LearnerFixture.of(SABR)) {
      disturbed.forward(9);
      disturbed.learner().backward();
      disturbed.learner().abandon();
      disturbed.step(9);
      plain.step(9);
      assertThat(disturbed.learner().state()).isEqualTo(plain.learner().state());
    }
  }

  @Test
  void forward_lossThatIsNoNumber_failsAndChangesNothing() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      run.step(0);
      LearnerState before = run.learner().state();
      Map<String, Integer> live = NativeMemory.liveTensors();
      AttackedStep poisoned = run.learner().search(poisoned(), run.phase(1));
      assertThatThrownBy(() -> run.learner().forward(poisoned, run.phase(1)))
          .isInstanceOfSatisfying(
              MerlonException.class,
              e -> assertThat(e.failure()).isInstanceOf(Failure.Numeric.class))
          .hasMessageStartingWith(
              "The loss of step 2 (epoch 1) is NaN: natural NaN, robust NaN, regulariser ")
          .hasMessageContaining(", alignment 0.0");
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(run.learner().state()).isEqualTo(before);
      run.step(1);
    }
  }

  // Weights whose product overflows only in the backward pass.
  @Test
  void update_gradientThatIsNotFinite_failsAndChangesNothing() {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=natural",
            "device.precision=float32",
            "network.preset=mlp",
            "network.batch-norm=false")) {
      run.step(0);
      LearnerState steep = steep(run.learner().state());
      run.learner().restore(steep);
      Map<String, Integer> live = NativeMemory.liveTensors();
      assertThat(run.forward(1).isFinite()).isTrue();
      run.learner().backward();
      assertThatThrownBy(() -> run.learner().update(run.phase(1)))
          .isInstanceOfSatisfying(
              MerlonException.class,
              e -> assertThat(e.failure()).isInstanceOf(Failure.Numeric.class))
          .hasMessageContaining("The gradient of step 2 (epoch 1) has the norm ");
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(run.learner().state()).isEqualTo(steep);
    }
  }

  @Test
  void lifecycle_callsOutOfOrder_areRefused() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=ibp")) {
      LearnerState before = run.learner().state();
      assertThatThrownBy(() -> run.learner().backward()).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> run.learner().update(run.phase(0)))
          .isInstanceOf(IllegalStateException.class);
      run.forward(0);
      assertThatThrownBy(() -> run.forward(0)).isInstanceOf(IllegalStateException.class);
      run.learner().backward();
      assertThatThrownBy(() -> run.learner().backward()).isInstanceOf(IllegalStateException.class);
      run.learner().abandon();
      run.forward(0);
      assertThatThrownBy(() -> run.learner().update(run.phase(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not collected");
      assertThat(run.learner().state()).isEqualTo(before);
      assertThatThrownBy(() -> run.learner().finishStatistics())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void close_openStepStatisticsAndSearchedBatch_freesEverything() {
    LearnerFixture run = LearnerFixture.of(SABR);
    run.search(9);
    run.forward(9);
    run.learner().beginStatistics(Weights.TRAINED);
    run.close();
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("learner", "batch", "weights", "adam", "statistics");
  }

  @Test
  void create_valuesOfAnotherNetwork_areRefused() {
    RunSettings settings = SampleRun.settings();
    ParameterValues other = SampleRun.initial(SampleRun.settings("network.width=3"));
    assertThatThrownBy(
            () -> Learner.create(settings, SampleRun.network(settings), other, Device.cpu()))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> assertThat(e.failure()).isInstanceOf(Failure.ModelFormat.class));
  }

  @Test
  void restore_stateOfAnotherNetwork_isRefusedAndChangesNothing() {
    try (LearnerFixture run = LearnerFixture.of();
        LearnerFixture other = LearnerFixture.of("network.width=3")) {
      LearnerState before = run.learner().state();
      LearnerState mixed = new LearnerState(before.values(), other.learner().state().optimizer());
      for (LearnerState wrong : List.of(other.learner().state(), mixed)) {
        assertThatThrownBy(() -> run.learner().restore(wrong)).isInstanceOf(MerlonException.class);
        assertThat(run.learner().state()).isEqualTo(before);
      }
    }
  }

  @Test
  void steps_callerInAnyGradientMode_giveEqualBitsAndKeepTheMode() {
    List<LearnerState> states = new ArrayList<>();
    for (boolean recording : new boolean[] {true, false}) {
      try (LearnerFixture run = LearnerFixture.of(SABR)) {
        if (recording) {
          Autograd.recording(() -> states.add(after(run)));
        } else {
          Autograd.withoutGradients(() -> states.add(after(run)));
        }
      }
    }
    assertThat(states.get(1)).isEqualTo(states.get(0));
  }

  private static LearnerState after(LearnerFixture run) {
    boolean mode = Autograd.isRecording();
    run.step(9);
    assertThat(Autograd.isRecording()).isEqualTo(mode);
    return run.learner().state();
  }

  private static Batch poisoned() {
    Batch batch = SampleRun.batch(1, 6);
    float[] pixels = batch.pixels().clone();
    pixels[7] = Float.NaN;
    return new Batch(batch.cursor(), batch.globalStep(), batch.shape(), pixels, batch.labels());
  }

  private static LearnerState steep(LearnerState state) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    state
        .values()
        .tensors()
        .forEach(
            (name, value) -> {
              double scale = name.equals("linear1.weight") ? 1e-30 : 1e20;
              tensors.put(name, scaled(value, name.endsWith("weight") ? scale : 0));
            });
    return new LearnerState(new ParameterValues(tensors), state.optimizer());
  }

  private static HostTensor scaled(HostTensor value, double scale) {
    double[] scaled = value.toDoubles();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= scale;
    }
    return HostTensor.of(scaled, value.shape().getShape()).as(DataType.FLOAT32);
  }
}
