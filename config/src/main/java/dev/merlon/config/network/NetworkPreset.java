package dev.merlon.config.network;

/**
 * The architectures: as CTBench defines them (its table of architectures), a small perceptron, and
 * residual networks of the literature.
 */
public enum NetworkPreset {
  /** Fully connected. */
  MLP,
  /** Two convolutions and one linear layer. */
  CNN3,
  /** Three convolutions and two linear layers. */
  CNN5,
  /** Five convolutions and two linear layers. */
  CNN7,
  /** One stage of two residual blocks (Xu et al. 2020, alpha,beta-CROWN's {@code resnet2b}). */
  RESNET2B,
  /** Two stages of two residual blocks (alpha,beta-CROWN's {@code resnet4b}). */
  RESNET4B,
  /** Three wide residual blocks (Shi et al. 2021, {@code wide_resnet_8}). */
  WIDE_RESNET,
  /** Three residual blocks of grouped convolutions (Shi et al. 2021, ResNeXt 2x32d). */
  RESNEXT
}
