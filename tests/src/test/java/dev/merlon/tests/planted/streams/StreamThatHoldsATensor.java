package dev.merlon.tests.planted.streams;

import ai.djl.ndarray.NDArray;

/** Holds a tensor outside a device. */
public final class StreamThatHoldsATensor {
  private StreamThatHoldsATensor() {}

  /** What it may not hold. */
  public static long size(NDArray tensor) {
    return tensor.size();
  }
}
