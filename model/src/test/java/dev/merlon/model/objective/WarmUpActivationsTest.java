package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which layers the two terms look at. */
class WarmUpActivationsTest {
  // Widens the input's radius fourfold; one neuron is active, one inactive.
  private static final float[] WEIGHT = {4, 0, 0, 4};
  private static final float[] BIAS = {2, -7};

  @Test
  void terms_tanh_hasTightnessButNoBalance() {
    Numbers terms = terms(new Tanh());
    assertThat(terms.tightness()).isCloseTo(0.5, within(1e-12));
    assertThat(terms.balance()).isZero();
  }

  @Test
  void terms_leakyRectifier_areThoseOfTheRectifier() {
    Numbers leaky = terms(new LeakyRelu(0.3));
    Numbers plain = terms(new Relu());
    assertThat(leaky.tightness()).isEqualTo(plain.tightness());
    assertThat(leaky.balance()).isEqualTo(plain.balance()).isPositive();
  }

  private static Numbers terms(Activation activation) {
    Network.Builder layers = Network.builder(new Shape(2));
    layers.append("hidden", new Linear(2, 2, true));
    layers.append("activation", activation);
    Network network = layers.build();
    ParameterValues values =
        ParameterValues.of(
            network,
            Map.of(
                "hidden.weight",
                HostTensor.of(WEIGHT, 2, 2),
                "hidden.bias",
                HostTensor.of(BIAS, 2)));
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
            Box input =
                Box.between(
                    scope.tensor(new double[] {0, 0}, DataType.FLOAT64, 1, 2),
                    scope.tensor(new double[] {0.2, 0.2}, DataType.FLOAT64, 1, 2));
            WarmUpRegulariser.Terms terms =
                new WarmUpRegulariser(new RegulariserSettings(1, 0.5, true, true))
                    .terms(BoxPropagation.over(live, input));
            return new Numbers(terms.tightness().getDouble(), terms.balance().getDouble());
          });
    }
  }

  private record Numbers(double tightness, double balance) {}
}
