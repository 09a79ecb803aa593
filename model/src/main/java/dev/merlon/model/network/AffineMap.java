package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Convolution;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.Optional;

/**
 * The arithmetic of weighted layers, once for all interpretations: the map with given weights, and
 * the adjoint of its linear part.
 */
public final class AffineMap {
  private AffineMap() {}

  /** {@code W * x + b} for {@code x [N, in, H, W]}. */
  public static NDArray apply(Conv2d operation, NDArray x, NDArray weight, Optional<NDArray> bias) {
    return Convolution.forward(x, weight, bias, operation.stride(), operation.padding());
  }

  /** {@code x W^T + b} for {@code x [N, in]}. */
  public static NDArray apply(Linear operation, NDArray x, NDArray weight, Optional<NDArray> bias) {
    NDArray product = x.matMul(weight.transpose());
    return bias.map(product::add).orElse(product);
  }

  /** What takes {@code a [N, out, H', W']} on the result to the operand, {@code [N, in, H, W]}. */
  public static NDArray adjoint(Conv2d operation, NDArray a, NDArray weight, Shape inputShape) {
    Extent input =
        new Extent(Math.toIntExact(inputShape.get(1)), Math.toIntExact(inputShape.get(2)));
    return Convolution.adjoint(a, weight, operation.stride(), operation.padding(), input);
  }

  /** What takes {@code a [N, out]} on the result to the operand, {@code [N, in]}. */
  public static NDArray adjoint(Linear operation, NDArray a, NDArray weight) {
    return a.matMul(weight);
  }

  /** All axes but the batch made one. */
  public static NDArray flatten(NDArray x) {
    return x.reshape(x.getShape().get(0), -1);
  }
}
