package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.RunSettings;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.optimize.Gradients;
import dev.merlon.model.sample.Present;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class L1PenaltyTest {
  private static final double L1 = 0.25;

  @Test
  void add_everyParameter_movesWeightsOfAffineLayersOnly() {
    RunSettings settings = SampleRun.settings("network.preset=cnn5");
    Network network = SampleRun.network(settings);
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> parameters = parameters(settings, scope);
      Map<String, NDArray> zeros = new LinkedHashMap<>();
      parameters.forEach((name, value) -> zeros.put(name, value.zerosLike()));
      Gradients penalised = L1Penalty.add(network, parameters, zeros, L1);
      int weights = 0;
      for (String name : parameters.keySet()) {
        double[] values = HostTensor.copyOf(Present.in(parameters, name)).toDoubles();
        double[] gradient = HostTensor.copyOf(Present.in(penalised.byName(), name)).toDoubles();
        boolean weight = Present.in(network.parameters(), name).role() == Role.WEIGHT;
        weights += weight ? 1 : 0;
        double[] expected =
            Arrays.stream(values).map(v -> weight ? L1 * Math.signum(v) : 0).toArray();
        assertThat(gradient).as(name).isEqualTo(expected);
      }
      assertThat(weights).isEqualTo(5);
    }
  }

  @Test
  void add_gradientThatIsThere_isAddedTo() {
    RunSettings settings = SampleRun.settings();
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> parameters = parameters(settings, scope);
      Map<String, NDArray> ones = new LinkedHashMap<>();
      parameters.forEach((name, value) -> ones.put(name, value.onesLike()));
      Network network = SampleRun.network(settings);
      Gradients penalised = L1Penalty.add(network, parameters, ones, L1);
      assertThat(HostTensor.copyOf(Present.in(penalised.byName(), "conv1.weight")).toDoubles())
          .containsOnly(1 + L1, 1 - L1);
      assertThat(L1Penalty.add(network, parameters, ones, 0).byName()).isEqualTo(ones);
    }
  }

  private static Map<String, NDArray> parameters(RunSettings settings, Scope scope) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    SampleRun.initial(settings)
        .tensors()
        .forEach(
            (name, value) -> {
              if (Present.in(SampleRun.network(settings).parameters(), name).role().trainable()) {
                parameters.put(name, scope.tensor(value));
              }
            });
    return parameters;
  }
}
