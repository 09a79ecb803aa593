package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scalars;

/** How far perturbations may go in a box. */
final class Room {
  private Room() {}

  /**
   * How far each entry may go in its direction.
   *
   * @param direction whose signs count
   * @param lowest lower corner of the box, at most 0
   * @param highest upper corner of the box, at least 0
   */
  static NDArray along(NDArray direction, NDArray lowest, NDArray highest) {
    NDArray upwards = direction.gt(0).toType(highest.getDataType(), false);
    return upwards.mul(highest).add(Scalars.oneMinus(upwards).mul(lowest.neg()));
  }
}
