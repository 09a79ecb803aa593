package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;

/**
 * A tensor that an operation needs.
 *
 * @param suffix what is appended to the node's name, for example {@code weight}
 * @param shape its shape
 * @param role what it is
 */
public record ParameterSpec(String suffix, Shape shape, Role role) {

  /** What a tensor of an operation is. */
  public enum Role {
    /** Matrix or kernel of an affine layer. */
    WEIGHT(true),
    /** Bias of an affine layer. */
    BIAS(true),
    /** Scale of batch normalisation, gamma. */
    BATCH_NORM_SCALE(true),
    /** Shift of batch normalisation, beta. */
    BATCH_NORM_SHIFT(true),
    /** Running mean of batch normalisation. */
    RUNNING_MEAN(false),
    /** Running variance of batch normalisation. */
    RUNNING_VARIANCE(false),
    /** Constant of element-wise arithmetic. */
    CONSTANT(false);

    private final boolean trainable;

    Role(boolean trainable) {
      this.trainable = trainable;
    }

    /** Whether an optimiser changes it; the others are statistics and constants. */
    public boolean trainable() {
      return trainable;
    }
  }
}
