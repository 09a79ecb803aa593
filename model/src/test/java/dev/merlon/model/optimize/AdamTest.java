package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.training.LearningRateSettings;
import dev.merlon.config.training.OptimizerSettings;
import dev.merlon.model.sample.Present;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final double RATE = 3e-3;
  private static final OptimizerSettings SETTINGS = settings(1e-8);
  private static final int STEPS = 20;

  @Test
  void update_twentySteps_areThoseOfPyTorchsFormula() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT64, scope);
      double[] expected = run.numbers("a");
      double[] m = new double[expected.length];
      double[] v = new double[expected.length];
      for (int step = 1; step <= STEPS; step++) {
        double rate = step > 10 ? RATE / 5 : RATE;
        double[] gradient = run.step(rate);
        reference(expected, m, v, gradient, step, rate);
        assertThat(run.numbers("a")).containsExactly(expected, Offset.offset(1e-14));
      }
    }
  }

  // The formula of torch.optim.Adam without weight decay, amsgrad or maximise, as its
  // documentation writes it.
  private static void reference(
      double[] parameter, double[] m, double[] v, double[] gradient, int step, double rate) {
    for (int i = 0; i < parameter.length; i++) {
      m[i] = 0.9 * m[i] + (1 - 0.9) * gradient[i];
      v[i] = 0.999 * v[i] + (1 - 0.999) * gradient[i] * gradient[i];
      double mHat = m[i] / (1 - Math.pow(0.9, step));
      double vHat = v[i] / (1 - Math.pow(0.999, step));
      parameter[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
    }
  }

  @Test
  void update_firstStep_movesByTheLearningRateAgainstTheSign() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT64, scope);
      double[] before = run.numbers("b");
      double[] gradient = run.step(RATE).clone();
      double[] moved = run.numbers("b");
      assertThat(gradient).isNotEmpty();
      for (int i = 0; i < before.length; i++) {
        assertThat(Math.abs(moved[i] - before[i])).isCloseTo(RATE, Offset.offset(1e-7));
      }
    }
  }

  @Test
  void update_largeEpsilon_isAddedAfterTheCorrection() {
    OptimizerSettings large = settings(0.5);
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(large, DataType.FLOAT64, scope);
      double before = run.numbers("a")[0];
      double gradient = run.step(RATE)[0];
      double expected = before - RATE * gradient / (Math.abs(gradient) + 0.5);
      assertThat(run.numbers("a")[0]).isCloseTo(expected, Offset.offset(1e-14));
    }
  }

  @Test
  void restore_stateInTheMiddle_continuesBitForBit() {
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
      try (Scope scope = Scope.open("test")) {
        Run whole = new Run(SETTINGS, type, scope);
        whole.steps(7);
        Adam.State state = whole.adam.state();
        Map<String, HostTensor> values = whole.copy();
        long drawn = whole.drawn;
        whole.steps(STEPS - 7);

        Run resumed = new Run(SETTINGS, type, scope);
        resumed.adam.restore(state);
        resumed.load(values, drawn);
        assertThat(resumed.adam.state()).isEqualTo(state);
        resumed.steps(STEPS - 7);

        assertThat(resumed.copy()).isEqualTo(whole.copy());
        assertThat(resumed.adam.state()).isEqualTo(whole.adam.state());
        assertThat(resumed.adam.state().steps()).isEqualTo(STEPS);
      }
    }
  }

  @Test
  void update_oldTensors_stayUntouched() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT32, scope);
      NDArray before = Present.in(run.values, "a");
      HostTensor copy = HostTensor.copyOf(before);
      run.step(RATE);
      assertThat(HostTensor.copyOf(before)).isEqualTo(copy);
      assertThat(HostTensor.copyOf(Present.in(run.values, "a"))).isNotEqualTo(copy);
    }
  }

  @Test
  void update_manySteps_holdsTwoMomentsAParameter() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT32, scope);
      run.steps(3);
      assertThat(NativeMemory.liveTensors()).containsEntry("adam", 4);
      run.adam.close();
      assertThat(NativeMemory.openScopes()).doesNotContainKey("adam");
    }
  }

  @Test
  void update_gradientMissing_keepsTheState() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT32, scope);
      run.step(RATE);
      Adam.State before = run.adam.state();
      Map<String, NDArray> some = Map.of("a", Present.in(run.values, "a"));
      assertThatThrownBy(() -> run.adam.update(run.values, some, RATE, scope))
          .isInstanceOf(RuntimeException.class);
      assertThat(run.adam.state()).isEqualTo(before);
      assertThat(NativeMemory.openScopes()).containsEntry("adam", 1);
    }
  }

  @Test
  void restore_stateOfOtherParameters_isRefusedAndChangesNothing() {
    try (Scope scope = Scope.open("test")) {
      Run run = new Run(SETTINGS, DataType.FLOAT32, scope);
      run.step(RATE);
      Adam.State before = run.adam.state();
      Run wide = new Run(SETTINGS, DataType.FLOAT64, scope);
      Adam.State missing = new Adam.State(3, before.first(), Map.of());
      for (Adam.State other : List.of(wide.adam.state(), missing)) {
        assertThatThrownBy(() -> run.adam.restore(other))
            .isInstanceOf(MerlonException.class)
            .hasMessageContaining("does not fit");
      }
      assertThat(run.adam.state()).isEqualTo(before);
    }
  }

  /** Two parameters moved by gradients that depend on nothing but their step's number. */
  private static final class Run {
    private final DataType type;
    private final Scope scope;
    private final Adam adam;
    private Map<String, NDArray> values = new LinkedHashMap<>();
    private long drawn;

    Run(OptimizerSettings settings, DataType type, Scope scope) {
      this.type = type;
      this.scope = scope;
      RandomGenerator random = CounterRandom.of(1, 0, 0, CounterRandom.Role.DATA);
      values.put("a", CounterRandom.normal(random, scope, type, 3, 2));
      values.put("b", CounterRandom.normal(random, scope, type, 4));
      this.adam = new Adam(settings, values, scope);
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        step(RATE);
      }
    }

    double[] step(double rate) {
      try (Scope work = scope.child("work")) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        List<double[]> numbers = new ArrayList<>();
        RandomGenerator random = CounterRandom.of(1, 0, ++drawn, CounterRandom.Role.DATA);
        values.forEach(
            (name, value) -> {
              NDArray gradient =
                  CounterRandom.normal(random, work, type, value.getShape().getShape());
              numbers.add(HostTensor.copyOf(gradient).toDoubles());
              gradients.put(name, gradient);
            });
        values = Autograd.withoutGradients(() -> adam.update(values, gradients, rate, scope));
        return numbers.get(0);
      }
    }

    void load(Map<String, HostTensor> saved, long at) {
      values = new LinkedHashMap<>();
      saved.forEach((name, value) -> values.put(name, scope.tensor(value)));
      drawn = at;
    }

    Map<String, HostTensor> copy() {
      Map<String, HostTensor> copies = new LinkedHashMap<>();
      values.forEach((name, value) -> copies.put(name, HostTensor.copyOf(value)));
      return copies;
    }

    double[] numbers(String name) {
      return HostTensor.copyOf(Present.in(values, name)).toDoubles();
    }
  }

  private static OptimizerSettings settings(double epsilon) {
    return new OptimizerSettings(
        LearningRateSettings.steps(RATE, List.of(), 0.2), 0.9, 0.999, epsilon, 0, 0, 1);
  }
}
