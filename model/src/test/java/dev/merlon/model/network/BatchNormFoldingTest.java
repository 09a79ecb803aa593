package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.sample.Present;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BatchNormFoldingTest {
  // A residual block: the second normalisation follows a sum and must stay.
  private static Network network() {
    Network.Builder builder = Network.builder(new Shape(2, 5, 5));
    int first =
        builder.append(
            "conv1", new Conv2d(2, 3, Extent.square(3), Extent.square(1), Extent.square(1), false));
    int normed = builder.add("bn1", new BatchNorm(3, BatchNorm.EPSILON, 0.1), first);
    int relu = builder.add("relu1", new Relu(), normed);
    int second =
        builder.add(
            "conv2",
            new Conv2d(3, 3, Extent.square(3), Extent.square(1), Extent.square(1), true),
            relu);
    int sum = builder.add("add", new Add(), second, relu);
    builder.add("bn2", new BatchNorm(3, BatchNorm.EPSILON, 0.1), sum);
    builder.append("relu2", new Relu());
    builder.append("flatten", new Flatten());
    builder.append("linear1", new Linear(75, 6, true));
    builder.append("bn3", new BatchNorm(6, BatchNorm.EPSILON, 0.1));
    builder.append("relu3", new Relu());
    builder.append("linear2", new Linear(6, 4, true));
    return builder.build();
  }

  private static ParameterValues values(Network network) {
    RandomGenerator random = CounterRandom.of(7, 0, 0, CounterRandom.Role.INITIALISATION);
    Map<String, HostTensor> tensors = new HashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              double[] drawn = new double[(int) spec.shape().size()];
              for (int i = 0; i < drawn.length; i++) {
                drawn[i] =
                    name.endsWith("running_var")
                        ? 0.5 + random.nextDouble()
                        : random.nextGaussian();
              }
              tensors.put(name, HostTensor.of(drawn, spec.shape().getShape()));
            });
    return ParameterValues.of(network, tensors);
  }

  @Test
  void of_residualNetwork_mergesOnlyNormalisationsBehindWeightedLayers() {
    Network folded = BatchNormFolding.of(network()).network();

    assertThat(folded.nodes()).extracting(Node::name).contains("bn2").doesNotContain("bn1", "bn3");
    assertThat(folded.parameters()).containsKey("conv1.bias");
  }

  @Test
  void apply_anyInput_givesTheSameLogitsAndGradients() {
    Network network = network();
    BatchNormFolding folding = BatchNormFolding.of(network);
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> owned = new HashMap<>();
      values(network).tensors().forEach((name, value) -> owned.put(name, scope.tensor(value)));
      NDArray x =
          CounterRandom.normal(
              CounterRandom.of(8, 0, 0, CounterRandom.Role.DATA),
              scope,
              DataType.FLOAT64,
              3,
              2,
              5,
              5);

      Map<String, double[]> plain = logitsAndGradients(network, owned, x, scope, live -> live);
      Map<String, double[]> merged = logitsAndGradients(network, owned, x, scope, folding::apply);

      assertThat(merged.keySet()).isEqualTo(plain.keySet());
      plain.forEach(
          (name, expected) -> {
            for (int i = 0; i < expected.length; i++) {
              assertThat(merged.get(name)[i])
                  .as(name + i)
                  .isCloseTo(expected[i], within(1e-10 * Math.max(1, Math.abs(expected[i]))));
            }
          });
      assertThat(Arrays.stream(plain.get("conv1.weight")).map(Math::abs).max().orElse(0))
          .isGreaterThan(1e-3);
    }
  }

  private static Map<String, double[]> logitsAndGradients(
      Network network,
      Map<String, NDArray> owned,
      NDArray x,
      Scope scope,
      UnaryOperator<LiveNetwork> form) {
    return Autograd.recording(
        () -> {
          LiveNetwork live = LiveNetwork.over(network, owned, scope, true);
          NDArray logits = Concrete.logits(form.apply(live), scope.constant(x));
          Autograd.backward(logits.square().sum());
          Map<String, double[]> found = new HashMap<>();
          found.put("logits", HostTensor.copyOf(logits.stopGradient()).toDoubles());
          network
              .parameters()
              .forEach(
                  (name, spec) -> {
                    if (spec.role().trainable()) {
                      found.put(
                          name,
                          HostTensor.copyOf(Autograd.gradient(Present.in(live.tensors(), name)))
                              .toDoubles());
                    }
                  });
          return found;
        });
  }
}
