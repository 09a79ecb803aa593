package dev.merlon.config;

/**
 * The architectures, as CTBench defines them (its Table of architectures), and a small perceptron.
 */
public enum NetworkPreset {
  /** Fully connected. */
  MLP,
  /** Two convolutions and one linear layer. */
  CNN3,
  /** Three convolutions and two linear layers. */
  CNN5,
  /** Five convolutions and two linear layers. */
  CNN7
}
