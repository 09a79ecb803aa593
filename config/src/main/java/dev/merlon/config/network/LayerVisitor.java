package dev.merlon.config.network;

/**
 * What is made of each kind of layer.
 *
 * @param <R> the result
 */
public interface LayerVisitor<R> {
  /** Two-dimensional convolution. */
  R conv(LayerSettings.Conv layer);

  /** Fully connected layer. */
  R linear(LayerSettings.Linear layer);

  /** Leaky ReLU. */
  R leakyRelu(LayerSettings.LeakyRelu layer);

  /** Largest value of each window. */
  R maxPool(LayerSettings.MaxPool layer);

  /** Mean of each window. */
  R averagePool(LayerSettings.AveragePool layer);

  /** Sum of two lists of layers. */
  R residual(LayerSettings.Residual layer);

  /** A layer of which nothing more is said than its kind. */
  R plain(LayerSettings.Plain layer);
}
