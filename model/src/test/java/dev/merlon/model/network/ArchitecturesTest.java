package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.MerlonException;
import dev.merlon.config.NetworkPreset;
import dev.merlon.config.NetworkSettings;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArchitecturesTest {
  private static final Shape MNIST = new Shape(1, 28, 28);
  private static final Shape CIFAR = new Shape(3, 32, 32);
  private static final Shape TINY = new Shape(3, 64, 64);

  @Test
  void cnn3_mnist_hasTheLiteraturesLayers() {
    assertThat(affine(NetworkPreset.CNN3, 16, MNIST, 10))
        .containsExactly(conv(1, 16, 5, 2, 2), conv(16, 32, 4, 2, 1), linear(32 * 7 * 7, 10));
  }

  @Test
  void cnn5_mnist_hasTheLiteraturesLayers() {
    assertThat(affine(NetworkPreset.CNN5, 16, MNIST, 10))
        .containsExactly(
            conv(1, 16, 3, 1, 1),
            conv(16, 16, 4, 2, 1),
            conv(16, 32, 4, 2, 1),
            linear(32 * 7 * 7, 512),
            linear(512, 10));
  }

  @Test
  void cnn7_cifar_hasTheLiteraturesLayers() {
    assertThat(affine(NetworkPreset.CNN7, 64, CIFAR, 10))
        .containsExactly(
            conv(3, 64, 3, 1, 1),
            conv(64, 64, 3, 1, 1),
            conv(64, 128, 3, 2, 1),
            conv(128, 128, 3, 1, 1),
            conv(128, 128, 3, 1, 1),
            linear(128 * 16 * 16, 512),
            linear(512, 10));
  }

  @Test
  void cnn7_tinyImageNet_stridesInItsFifthConvolution() {
    List<Operation> layers = affine(NetworkPreset.CNN7, 64, TINY, 200);
    assertThat(layers.get(4)).isEqualTo(conv(128, 128, 3, 2, 1));
    assertThat(layers.get(5)).isEqualTo(linear(128 * 16 * 16, 512));
    assertThat(layers.get(6)).isEqualTo(linear(512, 200));
  }

  @Test
  void mlp_mnist_hasTwoHiddenLayers() {
    assertThat(affine(NetworkPreset.MLP, 100, MNIST, 10))
        .containsExactly(linear(784, 100), linear(100, 100), linear(100, 10));
  }

  // Trainable numbers, counted by hand from the layer lists above; batch normalisation adds two
  // for each feature of every hidden layer.
  @ParameterizedTest
  @CsvSource({
    "CNN3, 16, 1,  28,  24330,   24426",
    "CNN3, 16, 3,  32,  29930,    30026",
    "CNN5, 16, 1,  28,  820954,   822106",
    "CNN7, 64, 1,  28,  13257290, 13259338",
    "CNN7, 64, 3,  32,  17190602, 17192650",
    "CNN7, 64, 3,  64,  17190602, 17192650",
    "MLP,  100, 1, 28,  89610,   90010"
  })
  void parameters_eachPreset_areAsManyAsTheLayersNeed(
      NetworkPreset preset, int width, int channels, int side, long plain, long withBatchNorm) {
    Shape input = new Shape(channels, side, side);
    assertThat(trainable(build(preset, width, false, input, 10))).isEqualTo(plain);
    assertThat(trainable(build(preset, width, true, input, 10))).isEqualTo(withBatchNorm);
  }

  @ParameterizedTest
  @EnumSource
  void batchNorm_everyHiddenAffineLayer_isFollowedByNormAndRelu(NetworkPreset preset) {
    Network network = build(preset, 4, true, MNIST, 10);
    List<Node> nodes = network.nodes();
    int hidden = 0;
    for (int i = 0; i + 1 < nodes.size(); i++) {
      if (isWeighted(nodes.get(i))) {
        Operation norm = nodes.get(i + 1).operation();
        assertThat(norm).isInstanceOf(BatchNorm.class);
        assertThat(((BatchNorm) norm).epsilon()).isEqualTo(1e-5);
        assertThat(((BatchNorm) norm).momentum()).isEqualTo(0.1);
        assertThat(nodes.get(i + 2).operation()).isInstanceOf(Relu.class);
        hidden++;
      }
    }
    assertThat(network.nonlinear()).hasSize(hidden);
    assertThat(network.finalLinear()).isPresent();
    assertThat(network.classes()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void noBatchNorm_everyHiddenAffineLayer_isFollowedByRelu(NetworkPreset preset) {
    List<Node> nodes = build(preset, 4, false, MNIST, 10).nodes();
    assertThat(nodes).noneMatch(node -> node.operation() instanceof BatchNorm);
    for (int i = 0; i + 1 < nodes.size(); i++) {
      if (isWeighted(nodes.get(i))) {
        assertThat(nodes.get(i + 1).operation()).isInstanceOf(Relu.class);
      }
    }
  }

  @Test
  void normalisation_whereGiven_isTheFirstLayer() {
    NetworkSettings settings =
        new NetworkSettings(NetworkPreset.CNN3, 4, true, List.of(0.1307), List.of(0.3081));
    Network network = Architectures.build(settings, 0.1, MNIST, 10);
    assertThat(network.nodes().get(0).operation())
        .isEqualTo(new Normalize(List.of(0.1307), List.of(0.3081)));
  }

  // With the normalisation counted, as the papers number layers.
  @Test
  void cnn7_withBatchNorm_hasTwentyOneLayers() {
    NetworkSettings settings =
        new NetworkSettings(
            NetworkPreset.CNN7, 64, true, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2));
    assertThat(Architectures.build(settings, 0.1, CIFAR, 10).nodes()).hasSize(21);
  }

  @Test
  void build_inputTooSmall_namesTheLayer() {
    assertThatThrownBy(() -> build(NetworkPreset.CNN5, 4, false, new Shape(1, 2, 2), 10))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("'conv3'")
        .hasMessageContaining("4x4");
  }

  @Test
  void build_normalisationOfOtherChannels_namesTheLayer() {
    NetworkSettings settings =
        new NetworkSettings(NetworkPreset.CNN3, 4, true, List.of(0.5), List.of(0.2));
    assertThatThrownBy(() -> Architectures.build(settings, 0.1, CIFAR, 10))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("'normalize'")
        .hasMessageContaining("1 channels");
  }

  private static List<Operation> affine(NetworkPreset preset, int width, Shape input, int classes) {
    List<Operation> layers = new ArrayList<>();
    for (Node node : build(preset, width, false, input, classes).nodes()) {
      if (isWeighted(node)) {
        layers.add(node.operation());
      }
    }
    return layers;
  }

  private static Network build(
      NetworkPreset preset, int width, boolean batchNorm, Shape input, int classes) {
    NetworkSettings settings = new NetworkSettings(preset, width, batchNorm, List.of(), List.of());
    return Architectures.build(settings, 0.1, input, classes);
  }

  private static long trainable(Network network) {
    return network.parameters().values().stream()
        .filter(spec -> spec.role().trainable())
        .mapToLong(spec -> spec.shape().size())
        .sum();
  }

  private static boolean isWeighted(Node node) {
    return node.operation() instanceof Conv2d || node.operation() instanceof Linear;
  }

  private static Operation conv(int in, int out, int kernel, int stride, int padding) {
    return new Conv2d(
        in, out, Extent.square(kernel), Extent.square(stride), Extent.square(padding), true);
  }

  private static Operation linear(int in, int out) {
    return new Linear(in, out, true);
  }
}
