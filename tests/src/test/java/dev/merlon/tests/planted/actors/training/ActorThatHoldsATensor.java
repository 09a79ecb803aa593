package dev.merlon.tests.planted.actors.training;

import ai.djl.ndarray.NDList;

/** Holds a tensor outside a device. */
public final class ActorThatHoldsATensor {
  private ActorThatHoldsATensor() {}

  /** What it may not hold. */
  public static int size(NDList tensors) {
    return tensors.size();
  }
}
