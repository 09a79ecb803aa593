package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerListTest {
  private static final Shape CIFAR = new Shape(3, 32, 32);

  @Test
  void build_everyKindOfLayer_makesItsOperation() {
    Network network =
        build(
            """
            [ {conv {out = 12, kernel = 5, stride = 2, padding = 2}}, batch-norm, relu
              {conv {out = 12, kernel = [3, 1], padding = [1, 0], dilation = 2, groups = 4, bias = false}}
              {leaky-relu {slope = 0.2}}
              {max-pool {kernel = 2}}, tanh
              {average-pool {kernel = 3, stride = 1, padding = 1, count-padding = true}}
              {residual {body = [{conv {out = 6, kernel = 1}}], shortcut = [{conv {out = 6, kernel = 1}}]}}
              sigmoid, global-average-pool, flatten, {linear {out = 20}}, {leaky-relu {}}
              {linear {out = classes, bias = false}} ]
            """);

    Geometry grouped = new Geometry(Extent.square(1), new Extent(1, 0), Extent.square(2), 4);
    assertThat(network.nodes().stream().map(Node::operation))
        .containsExactly(
            new Normalize(List.of(0.1307, 0.1307, 0.1307), List.of(0.3081, 0.3081, 0.3081)),
            new Conv2d(3, 12, Extent.square(5), Extent.square(2), Extent.square(2), true),
            new BatchNorm(12, BatchNorm.EPSILON, 0.1),
            new Relu(),
            new Conv2d(12, 12, new Extent(3, 1), grouped, false),
            new LeakyRelu(0.2),
            new MaxPool(new Windows(Extent.square(2), Extent.square(2), Extent.square(0))),
            new Tanh(),
            new AveragePool(
                new Windows(Extent.square(3), Extent.square(1), Extent.square(1)), true),
            new Conv2d(12, 6, Extent.square(1), Extent.square(1), Extent.square(0), true),
            new Conv2d(12, 6, Extent.square(1), Extent.square(1), Extent.square(0), true),
            new Add(),
            new Sigmoid(),
            new GlobalAveragePool(),
            new Flatten(),
            new Linear(6, 20, true),
            new LeakyRelu(0.01),
            new Linear(20, 10, false));
  }

  @Test
  void build_layersOfAPreset_areThePreset() {
    Network own =
        build(
            """
            [ {conv {out = 16, kernel = 5, stride = 2, padding = 2}}, batch-norm, relu
              {conv {out = 32, kernel = 4, stride = 2, padding = 1}}, batch-norm, relu
              flatten, {linear {out = classes}} ]
            """);
    Network preset =
        Architectures.build(
            Settings.parse("network.mean = [], network.std = []", "t", List.of()).network(),
            0.1,
            CIFAR,
            10);
    assertThat(own.nodes().subList(1, own.nodes().size()).stream().map(Node::name))
        .containsExactlyElementsOf(preset.nodes().stream().map(Node::name).toList());
    assertThat(own.parameters()).isEqualTo(preset.parameters());
  }

  @Test
  void build_residualWithoutShortcut_addsTheValueItself() {
    Network network =
        build(
            """
            [ {conv {out = 4, kernel = 3, padding = 1}}, relu
              {residual {body = [{conv {out = 4, kernel = 3, padding = 1}}, relu
                                 {conv {out = 4, kernel = 3, padding = 1}}]}}
              relu, flatten, {linear {out = classes}} ]
            """);
    Node sum =
        network.nodes().stream().filter(n -> n.name().equals("sum1")).findFirst().orElseThrow();
    assertThat(sum.inputs().stream().map(id -> network.node(id).name()))
        .containsExactly("conv3", "relu1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{linear {out = 10}}]"
            + "| Network layer 'linear1', layer 1 (linear) of network.layers: a linear layer cannot"
            + " take an input of shape (3, 32, 32) without flatten",
        "[relu, {conv {out = 4, kernel = 40}}]"
            + "| 'conv1', layer 2 (conv) of network.layers: a kernel of 40x40 does not fit",
        "[{conv {out = 4, kernel = 3, groups = 2}}]"
            + "| layer 1 (conv) of network.layers: 2 groups do not divide 3 input and 4 output",
        "[flatten, {conv {out = 4, kernel = 3}}]"
            + "| layer 2 (conv) of network.layers: a convolution cannot take an input of shape (3072)",
        "[flatten, {max-pool {kernel = 2}}]"
            + "| layer 2 (max-pool) of network.layers: a pool over windows cannot take",
        "[{average-pool {kernel = 3, padding = 2}}]"
            + "| layer 1 (average-pool) of network.layers: a pool's padding must be",
        "[{residual {body = [relu, {conv {out = 4, kernel = 3}}]}}]"
            + "| 'sum1', layer 1 (residual) of network.layers: its body gives shape (4, 30, 30) but"
            + " its shortcut (3, 32, 32)",
        "[relu, {residual {body = [{conv {out = 4, kernel = 99}}]}}]"
            + "| layer 1 (conv) of the body of layer 2 (residual) of network.layers: a kernel of",
        "[flatten, {linear {out = 7}}]"
            + "| The layers of network.layers end in shape (7) where 10 logits are needed",
        "[relu]| end in shape (3, 32, 32) where 10 logits are needed"
      })
  void build_layerThatDoesNotFit_namesIt(String layers, String message) {
    assertThatThrownBy(() -> build(layers))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> assertThat(e.failure()).isInstanceOf(Failure.Configuration.class))
        .hasMessageContaining(message);
  }

  private static Network build(String layers) {
    String text =
        "network { mean = [0.1307, 0.1307, 0.1307], std = [0.3081, 0.3081, 0.3081]\nlayers = "
            + layers
            + "}";
    return Architectures.build(Settings.parse(text, "test", List.of()).network(), 0.1, CIFAR, 10);
  }
}
