package dev.merlon.tests.planted.actors.device;

import ai.djl.ndarray.NDArray;

/** Holds a tensor where that is allowed. */
public final class DeviceThatMay {
  private DeviceThatMay() {}

  /** What it may hold. */
  public static long size(NDArray tensor) {
    return tensor.size();
  }
}
