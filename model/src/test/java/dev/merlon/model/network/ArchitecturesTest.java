package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
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
  // for each feature of every hidden layer; in the resnets it takes the place of a bias.
  @ParameterizedTest
  @CsvSource({
    "CNN3, 16, 1,  28,  24330,   24426",
    "CNN3, 16, 3,  32,  29930,    30026",
    "CNN5, 16, 1,  28,  820954,   822106",
    "CNN7, 64, 1,  28,  13257290, 13259338",
    "CNN7, 64, 3,  32,  17190602, 17192650",
    "CNN7, 64, 3,  56,  13258442, 13260490",
    "CNN7, 64, 3,  64,  17190602, 17192650",
    "MLP,  100, 1, 28,  89610,   90010",
    "RESNET2B, 8, 3, 32, 112006, 112294",
    "RESNET4B, 16, 3, 32, 123734, 124270"
  })
  void parameters_eachPreset_areAsManyAsTheLayersNeed(
      NetworkPreset preset, int width, int channels, int side, long plain, long withBatchNorm) {
    Shape input = new Shape(channels, side, side);
    assertThat(trainable(build(preset, width, false, input, 10))).isEqualTo(plain);
    assertThat(trainable(build(preset, width, true, input, 10))).isEqualTo(withBatchNorm);
  }

  @ParameterizedTest
  @EnumSource(names = {"MLP", "CNN3", "CNN5", "CNN7"})
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
  @EnumSource(names = {"MLP", "CNN3", "CNN5", "CNN7"})
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
  void resnet2b_cifar_hasTheLiteraturesLayers() {
    assertThat(affine(NetworkPreset.RESNET2B, 8, CIFAR, 10))
        .containsExactly(
            conv(3, 8, 3, 2, 1),
            conv(8, 16, 3, 2, 1),
            conv(16, 16, 3, 1, 1),
            conv(8, 16, 1, 2, 0),
            conv(16, 16, 3, 1, 1),
            conv(16, 16, 3, 1, 1),
            linear(16 * 8 * 8, 100),
            linear(100, 10));
  }

  @Test
  void resnet2b_blocks_addShortcutOrValueItself() {
    Network network = build(NetworkPreset.RESNET2B, 8, false, CIFAR, 10);
    assertThat(network.nodes().stream().map(Node::name))
        .containsExactly(
            "conv1", "relu1", "conv2", "relu2", "conv3", "conv4", "sum1", "relu3", "conv5", "relu4",
            "conv6", "sum2", "relu5", "flatten", "linear1", "relu6", "linear2");
    assertThat(operands(network, "sum1")).containsExactly("conv3", "conv4");
    assertThat(operands(network, "conv4")).containsExactly("relu1");
    assertThat(operands(network, "sum2")).containsExactly("conv6", "relu3");
  }

  @Test
  void resnets_withBatchNorm_leaveTheBiasToIt() {
    Network network = build(NetworkPreset.RESNET4B, 4, true, CIFAR, 10);
    for (Node node : network.nodes()) {
      if (node.operation() instanceof Conv2d conv) {
        assertThat(conv.bias()).isFalse();
      }
    }
  }

  @Test
  void wideResnet_cifar_hasThreeWideBlocks() {
    assertThat(affine(NetworkPreset.WIDE_RESNET, 16, CIFAR, 10))
        .containsExactly(
            conv(3, 16, 3, 1, 1),
            conv(16, 128, 3, 1, 1),
            conv(128, 128, 3, 1, 1),
            conv(16, 128, 1, 1, 0),
            conv(128, 256, 3, 2, 1),
            conv(256, 256, 3, 1, 1),
            conv(128, 256, 1, 2, 0),
            conv(256, 512, 3, 2, 1),
            conv(512, 512, 3, 1, 1),
            conv(256, 512, 1, 2, 0),
            linear(512 * 8 * 8, 512),
            linear(512, 10));
  }

  @Test
  void resnext_cifar_convolvesInTwoGroups() {
    List<Operation> layers = affine(NetworkPreset.RESNEXT, 64, CIFAR, 10);
    assertThat(layers).hasSize(15);
    assertThat(layers.subList(0, 5))
        .containsExactly(
            conv(3, 64, 3, 1, 1),
            conv(64, 64, 1, 1, 0),
            new Conv2d(
                64,
                64,
                Extent.square(3),
                new Geometry(Extent.square(1), Extent.square(1), Extent.square(1), 2),
                true),
            conv(64, 128, 1, 1, 0),
            conv(64, 128, 1, 1, 0));
    assertThat(layers.get(13)).isEqualTo(linear(512 * 8 * 8, 512));
  }

  private static List<String> operands(Network network, String name) {
    Node node =
        network.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
    return node.inputs().stream().map(id -> network.node(id).name()).toList();
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
  void build_normalisationOfOtherChannels_saysWhatToGive() {
    NetworkSettings settings =
        new NetworkSettings(NetworkPreset.CNN3, 4, true, List.of(0.5), List.of(0.2));
    assertThatThrownBy(() -> Architectures.build(settings, 0.1, CIFAR, 10))
        .isInstanceOf(MerlonException.class)
        .hasMessage(
            "network.mean and network.std have a value for 1 channel but the images have 3");
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
