package dev.merlon.tests.planted.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;

/** Uses the engine and numbers where that is allowed. */
public final class TensorThatMay {
  private TensorThatMay() {}

  /** What it may do. */
  public static NDArray times(NDArray x) {
    return JniUtils.isGradMode() ? x.mul(2) : x.mul(x.getManager().create(2f));
  }
}
