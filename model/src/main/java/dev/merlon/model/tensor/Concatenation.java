package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.List;

/** Concatenation that keeps gradients. */
public final class Concatenation {
  private Concatenation() {}

  /**
   * Tensors one after the other along an axis. A single tensor is returned itself: the engine's
   * method would copy it out of the graph and lose its gradient.
   *
   * @param values at least one
   */
  public static NDArray of(List<NDArray> values, int axis) {
    return values.size() == 1 ? values.get(0) : NDArrays.concat(new NDList(values), axis);
  }
}
