package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.LayerSettings;
import dev.merlon.config.network.LayerSettings.Conv;
import dev.merlon.config.network.LayerSettings.Linear;
import dev.merlon.config.network.LayerSettings.Plain;
import dev.merlon.config.network.LayerSettings.Residual;
import dev.merlon.config.network.LayerSettings.Sliding;
import dev.merlon.config.network.NetworkSettings.Preset;
import dev.merlon.config.network.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The layers of the literature's networks, behind the normalisation. Batch norm, where it is asked
 * for, follows every affine layer but the last.
 */
final class PresetLayers {
  private final Preset preset;
  private final List<LayerSettings> layers = new ArrayList<>();

  private PresetLayers(Preset preset) {
    this.preset = preset;
  }

  /** The layers for samples of this shape. */
  static List<LayerSettings> of(Preset preset, Shape input) {
    PresetLayers network = new PresetLayers(preset);
    int width = preset.width();
    switch (preset.preset()) {
      case MLP -> network.mlp(width);
      case CNN3 -> network.cnn3(width);
      case CNN5 -> network.cnn5(width);
      case CNN7 -> network.cnn7(width, input);
      case RESNET2B -> network.resnet2b(width);
      case RESNET4B -> network.resnet4b(width);
      case WIDE_RESNET -> network.wideResnet(width);
      case RESNEXT -> network.resnext(width);
    }
    return List.copyOf(network.layers);
  }

  private void mlp(int width) {
    layers.add(Plain.FLATTEN);
    hidden(width);
    hidden(width);
    logits();
  }

  private void cnn3(int width) {
    conv(width, 5, 2, 2);
    conv(2 * width, 4, 2, 1);
    layers.add(Plain.FLATTEN);
    logits();
  }

  private void cnn5(int width) {
    conv(width, 3, 1, 1);
    conv(width, 4, 2, 1);
    conv(2 * width, 4, 2, 1);
    layers.add(Plain.FLATTEN);
    hidden(512);
    logits();
  }

  // On inputs of 64 by 64 and more (TinyImageNet) the fifth convolution has stride 2.
  private void cnn7(int width, Shape input) {
    // TinyImageNet, whole or as the crop of 56 pixels that TAPS and SABR train on.
    boolean large = input.get(1) >= 56;
    conv(width, 3, 1, 1);
    conv(width, 3, 1, 1);
    conv(2 * width, 3, 2, 1);
    conv(2 * width, 3, 1, 1);
    conv(2 * width, 3, large ? 2 : 1, 1);
    layers.add(Plain.FLATTEN);
    hidden(512);
    logits();
  }

  // Convolutions have a bias only where no batch norm follows.
  private void resnet2b(int width) {
    boolean bias = !preset.batchNorm();
    activated(layers, convolution(width, 3, 2, 1, 1, bias));
    basicBlock(width, 2 * width, 2, bias);
    basicBlock(2 * width, 2 * width, 1, bias);
    layers.add(Plain.FLATTEN);
    hidden(100);
    logits();
  }

  private void resnet4b(int width) {
    boolean bias = !preset.batchNorm();
    activated(layers, convolution(width, 3, 2, 1, 1, bias));
    basicBlock(width, 2 * width, 2, bias);
    basicBlock(2 * width, 2 * width, 1, bias);
    basicBlock(2 * width, 2 * width, 2, bias);
    basicBlock(2 * width, 2 * width, 1, bias);
    layers.add(Plain.FLATTEN);
    hidden(100);
    logits();
  }

  private void wideResnet(int width) {
    conv(width, 3, 1, 1);
    basicBlock(width, 8 * width, 1, true);
    basicBlock(8 * width, 16 * width, 2, true);
    basicBlock(16 * width, 32 * width, 2, true);
    layers.add(Plain.FLATTEN);
    hidden(512);
    logits();
  }

  private void resnext(int width) {
    conv(width, 3, 1, 1);
    groupedBlock(width, width, 1);
    groupedBlock(2 * width, 2 * width, 2);
    groupedBlock(4 * width, 4 * width, 2);
    layers.add(Plain.FLATTEN);
    hidden(512);
    logits();
  }

  /** Two convolutions of 3 by 3; a shortcut of 1 by 1 where the shape changes. */
  private void basicBlock(int in, int out, int stride, boolean bias) {
    List<LayerSettings> body = new ArrayList<>();
    activated(body, convolution(out, 3, stride, 1, 1, bias));
    normalised(body, convolution(out, 3, 1, 1, 1, bias));
    block(body, in, out, stride, bias);
  }

  /** A bottleneck around a convolution of 3 by 3 in two groups. */
  private void groupedBlock(int in, int groupWidth, int stride) {
    List<LayerSettings> body = new ArrayList<>();
    activated(body, convolution(groupWidth, 1, 1, 0, 1, true));
    activated(body, convolution(groupWidth, 3, stride, 1, 2, true));
    normalised(body, convolution(2 * groupWidth, 1, 1, 0, 1, true));
    block(body, in, 2 * groupWidth, stride, true);
  }

  private void block(List<LayerSettings> body, int in, int out, int stride, boolean bias) {
    List<LayerSettings> shortcut = new ArrayList<>();
    if (stride != 1 || in != out) {
      normalised(shortcut, convolution(out, 1, stride, 0, 1, bias));
    }
    layers.add(new Residual(body, shortcut));
    layers.add(Plain.RELU);
  }

  private void conv(int out, int kernel, int stride, int padding) {
    activated(layers, convolution(out, kernel, stride, padding, 1, true));
  }

  private void hidden(int out) {
    activated(layers, new Linear(OptionalInt.of(out), true));
  }

  private void logits() {
    layers.add(new Linear(OptionalInt.empty(), true));
  }

  private void activated(List<LayerSettings> to, LayerSettings affine) {
    normalised(to, affine);
    to.add(Plain.RELU);
  }

  private void normalised(List<LayerSettings> to, LayerSettings affine) {
    to.add(affine);
    if (preset.batchNorm()) {
      to.add(Plain.BATCH_NORM);
    }
  }

  private static Conv convolution(
      int out, int kernel, int stride, int padding, int groups, boolean bias) {
    Sliding sliding = Sliding.square(kernel, stride, padding);
    return new Conv(out, sliding, Size.square(1), groups, bias);
  }
}
