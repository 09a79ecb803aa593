package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Conv2d;

/** Which part of each value the coefficients of a backward pass are on. */
interface Frame {
  /** The shape of the part of a value. */
  Shape shape(int value);

  /** The convolution as it maps parts onto parts. */
  Conv2d between(Conv2d operation);

  /**
   * Coefficients that a convolution's adjoint has put on its operand, without those on padding.
   *
   * @param a {@code [N, ...]}, each of the shape of the part
   */
  NDArray withoutPadding(int value, NDArray a);

  /** All of each value. */
  record Whole(Network network) implements Frame {
    @Override
    public Shape shape(int value) {
      return network.shape(value);
    }

    @Override
    public Conv2d between(Conv2d operation) {
      return operation;
    }

    @Override
    public NDArray withoutPadding(int value, NDArray a) {
      return a;
    }
  }
}
