package dev.merlon.tests.planted.model.network;

import ai.djl.pytorch.jni.JniUtils;
import ai.onnxruntime.OrtEnvironment;

/** Touches the engine and ONNX Runtime outside their packages. */
public final class NetworkThatTouchesTheEngine {
  private NetworkThatTouchesTheEngine() {}

  /** What it may not ask. */
  public static boolean mode() {
    return JniUtils.isGradMode();
  }

  /** What it may not know. */
  public static String runtime() {
    return OrtEnvironment.class.getName();
  }
}
