package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.ShapeMismatch;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void builder_shapes_followTheOperations() {
    Network.Builder builder = Network.builder(new Shape(3, 9, 8));
    builder.append("conv", conv(3, 4, new Extent(3, 2), new Extent(2, 3)));
    assertThat(builder.lastShape()).isEqualTo(new Shape(4, 4, 3));
    builder.append("relu", new Relu());
    builder.append("flatten", new Flatten());
    assertThat(builder.lastShape()).isEqualTo(new Shape(48));
    builder.append("logits", new Linear(48, 5, true));
    Network network = builder.build();
    assertThat(network.classes()).isEqualTo(5);
    assertThat(network.parameters().keySet())
        .containsExactly("conv.weight", "logits.weight", "logits.bias");
  }

  @Test
  void builder_convolutionOfOtherChannels_namesTheLayer() {
    refused("'conv'", b -> b.append("conv", conv(2, 4, Extent.square(3), Extent.square(1))));
  }

  @Test
  void builder_kernelThatDoesNotFit_namesTheLayer() {
    refused("'conv'", b -> b.append("conv", conv(3, 4, Extent.square(9), Extent.square(1))));
  }

  @Test
  void builder_linearOfOtherLength_namesTheLayer() {
    refused(
        "'logits'",
        b -> {
          b.append("flatten", new Flatten());
          b.append("logits", new Linear(215, 5, true));
        });
  }

  @Test
  void builder_linearOnAnImage_namesTheLayer() {
    refused("'logits'", b -> b.append("logits", new Linear(216, 5, true)));
  }

  @Test
  void builder_batchNormOfOtherFeatures_namesTheLayer() {
    refused("'bn'", b -> b.append("bn", new BatchNorm(4, 1e-5, 0.1)));
  }

  @Test
  void builder_sumOfOtherShapes_namesTheLayer() {
    refused(
        "'sum'",
        b -> {
          b.append("flatten", new Flatten());
          b.add("sum", new Add(), 0, 1);
        });
  }

  @Test
  void builder_sumOfOneOperand_namesTheLayer() {
    refused("'sum'", b -> b.add("sum", new Add(), 0));
  }

  @Test
  void builder_laterOperand_namesTheLayer() {
    refused("'relu'", b -> b.add("relu", new Relu(), 1));
  }

  @Test
  void builder_nameTwice_namesTheLayer() {
    refused(
        "'relu'",
        b -> {
          b.append("relu", new Relu());
          b.append("relu", new Relu());
        });
  }

  @Test
  void build_unusedValue_namesTheLayer() {
    refused(
        "'aside'",
        b -> {
          b.append("aside", new Relu());
          b.add("flatten", new Flatten(), 0);
          b.build();
        });
  }

  @Test
  void build_imageAsOutput_namesTheLayer() {
    refused(
        "'relu'",
        b -> {
          b.append("relu", new Relu());
          b.build();
        });
  }

  @Test
  void build_noLayers_isRefused() {
    refused("'input'", Network.Builder::build);
  }

  @Test
  void operations_senselessConstants_areRefused() {
    assertThatThrownBy(() -> conv(0, 4, Extent.square(3), Extent.square(1)))
        .isInstanceOf(ShapeMismatch.class);
    assertThatThrownBy(() -> conv(1, 4, Extent.square(3), Extent.square(0)))
        .isInstanceOf(ShapeMismatch.class);
    assertThatThrownBy(() -> new Linear(0, 1, true)).isInstanceOf(ShapeMismatch.class);
    assertThatThrownBy(() -> new Normalize(List.of(0.0), List.of(0.0)))
        .isInstanceOf(ShapeMismatch.class);
    assertThatThrownBy(() -> new BatchNorm(1, 0, 0.1)).isInstanceOf(ShapeMismatch.class);
  }

  @Test
  void equals_sameLayers_areEqual() {
    assertThat(tiny("a")).isEqualTo(tiny("a")).hasSameHashCodeAs(tiny("a"));
    assertThat(tiny("a")).isNotEqualTo(tiny("b"));
  }

  private static Network tiny(String name) {
    Network.Builder builder = Network.builder(new Shape(2));
    builder.append(name, new Linear(2, 2, true));
    return builder.build();
  }

  private static void refused(String layer, Consumer<Network.Builder> layers) {
    assertThatThrownBy(() -> layers.accept(Network.builder(new Shape(3, 9, 8))))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(layer);
  }

  private static Conv2d conv(int in, int out, Extent kernel, Extent stride) {
    return new Conv2d(in, out, kernel, stride, Extent.square(0), false);
  }
}
