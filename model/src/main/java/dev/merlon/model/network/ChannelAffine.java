package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * {@code scale * x + shift} per channel or per element: tensors of one shape, either {@code
 * [channels]}, or one with as many axes as a sample has, each as long as the sample's or of length
 * 1.
 *
 * @param scale factors
 * @param shift what is added to the products
 * @param center what is subtracted before scaling and is part of the shift
 */
public record ChannelAffine(NDArray scale, NDArray shift, NDArray center) {
  /** The map applied to {@code [N, channels, ...]}. */
  public NDArray apply(NDArray x) {
    return x.mul(broadcast(scale, x)).add(broadcast(shift, x));
  }

  /** {@code |scale| * radius}, what the map does to a radius. */
  public NDArray applyToRadius(NDArray radius) {
    return radius.mul(broadcast(scale.abs(), radius));
  }

  /** The adjoint of the linear part: {@code scale * a}. */
  public NDArray adjoint(NDArray a) {
    return a.mul(broadcast(scale, a));
  }

  /**
   * At least the sum of the sizes of the terms that the map of a value is the sum of.
   *
   * @param sizes of the values, {@code [N, channels, ...]}
   */
  public NDArray termSizes(NDArray sizes) {
    NDArray ofCenter = scale.mul(center).abs();
    NDArray ofShift = shift.abs().add(ofCenter).add(ofCenter);
    return applyToRadius(sizes).add(broadcast(ofShift, sizes));
  }

  /** A vector per channel, or values per element, shaped to multiply {@code [N, channels, ...]}. */
  public static NDArray broadcast(NDArray perChannel, NDArray like) {
    if (perChannel.getShape().dimension() > 1) {
      return perChannel.expandDims(0);
    }
    long[] shape = new long[like.getShape().dimension()];
    java.util.Arrays.fill(shape, 1);
    shape[1] = perChannel.size();
    return perChannel.reshape(new Shape(shape));
  }
}
