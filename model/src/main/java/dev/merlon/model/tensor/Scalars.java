package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Arithmetic of tensors with numbers that is safe inside a recorded graph.
 *
 * <p>The engine's own methods that take a {@link Number} make the number a tensor over Java memory
 * and close it at once, while the graph still needs it for the backward pass: after a garbage
 * collection the gradient is computed from freed memory. Here the number lives in the engine's
 * memory. Sums and comparisons do not keep their operands and may use the engine's methods.
 */
public final class Scalars {
  private Scalars() {}

  /** {@code x * value}. */
  public static NDArray times(NDArray x, double value) {
    try (NDArray scalar = scalar(x, value)) {
      return x.mul(scalar);
    }
  }

  /** {@code x / value}. */
  public static NDArray over(NDArray x, double value) {
    try (NDArray scalar = scalar(x, value)) {
      return x.div(scalar);
    }
  }

  /** {@code 1 / x}. */
  public static NDArray inverse(NDArray x) {
    return x.onesLike().div(x);
  }

  /** {@code max(x, 0)} per element, the rectifier; its derivative at 0 is 0. */
  public static NDArray positivePart(NDArray x) {
    return x.getNDArrayInternal().relu();
  }

  /** {@code 1 / (1 + exp(-x))} per element. */
  public static NDArray sigmoid(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  /** The hyperbolic tangent per element. */
  public static NDArray tanh(NDArray x) {
    return x.getNDArrayInternal().tanh();
  }

  /** {@code max(x, value)} per element; where both are equal, half the derivative. */
  public static NDArray atLeast(NDArray x, double value) {
    try (NDArray scalar = scalar(x, value)) {
      return x.maximum(scalar);
    }
  }

  /** {@code min(x, value)} per element; where both are equal, half the derivative. */
  public static NDArray atMost(NDArray x, double value) {
    try (NDArray scalar = scalar(x, value)) {
      return x.minimum(scalar);
    }
  }

  /** {@code min(max(x, low), high)} per element. */
  public static NDArray within(NDArray x, double low, double high) {
    return atMost(atLeast(x, low), high);
  }

  /** {@code 1 - x}. */
  public static NDArray oneMinus(NDArray x) {
    return x.neg().add(1);
  }

  // A clone is the engine's own memory; closing our handle leaves it to the graph.
  private static NDArray scalar(NDArray x, double value) {
    boolean wide = x.getDataType() == DataType.FLOAT64;
    try (NDArray borrowed =
        wide ? x.getManager().create(value) : x.getManager().create((float) value)) {
      return borrowed.duplicate();
    }
  }
}
