package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation, usable from several threads at once. DJL's own collector is one for
 * the whole process; this one drives the engine's backward pass directly.
 *
 * <p>The engine keeps the gradient mode per native thread and with different defaults on different
 * threads, so every piece of native work runs inside {@link #recording} or {@link
 * #withoutGradients}, which set the mode on the calling thread and restore it afterwards.
 */
public final class Autograd {
  private Autograd() {}

  /** Runs {@code work} with gradients recorded on this thread. */
  public static <T> T recording(Supplier<T> work) {
    return inMode(true, work);
  }

  /** Runs {@code work} on this thread without building a graph. */
  public static <T> T withoutGradients(Supplier<T> work) {
    return inMode(false, work);
  }

  /** Whether operations on this thread are being recorded. */
  public static boolean isRecording() {
    return JniUtils.isGradMode();
  }

  /**
   * Runs the backward pass from a scalar and frees the graph.
   *
   * @param loss a tensor of one element
   */
  public static void backward(NDArray loss) {
    backward(loss, loss.onesLike(), false);
  }

  /**
   * Runs the backward pass from {@code output} with a given derivative of the quantity of interest
   * with respect to it.
   *
   * @param seed shape of {@code output}
   * @param keepGraph whether another backward pass through the same graph will follow
   */
  public static void backward(NDArray output, NDArray seed, boolean keepGraph) {
    JniUtils.backward((PtNDArray) output, (PtNDArray) seed, keepGraph, false);
  }

  /**
   * The gradient that backward passes have gathered in a leaf, in the leaf's scope; zeros when the
   * leaf took no part in what was differentiated.
   *
   * @param leaf made by {@link Scope#leaf}
   */
  public static NDArray gradient(NDArray leaf) {
    NDArray gradient = JniUtils.getGradient((PtNDArray) leaf);
    if (gradient == null) {
      return leaf.zerosLike();
    }
    gradient.attach(leaf.getManager());
    return gradient;
  }

  /** Gradients of a scalar with respect to leaves, in their order; frees the graph. */
  public static List<NDArray> gradients(NDArray loss, List<NDArray> leaves) {
    backward(loss);
    return leaves.stream().map(Autograd::gradient).toList();
  }

  private static <T> T inMode(boolean mode, Supplier<T> work) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(mode);
    try {
      return work.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }
}
