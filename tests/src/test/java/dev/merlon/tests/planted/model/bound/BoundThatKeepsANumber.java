package dev.merlon.tests.planted.model.bound;

import ai.djl.ndarray.NDArray;
import dev.merlon.tests.planted.model.network.PartThatKnowsBounds;

/** Gives numbers to tensor arithmetic; closes a cycle with another part. */
public final class BoundThatKeepsANumber {
  private BoundThatKeepsANumber() {}

  /** What it may not do. */
  public static NDArray times(NDArray x) {
    return x.mul(2);
  }

  /** What it may not do. */
  public static NDArray within(NDArray x) {
    return x.clip(0, 1);
  }

  /** What it may not do. */
  public static NDArray create(NDArray x) {
    return x.getManager().create(2f);
  }

  /** What it may do. */
  public static NDArray allowed(NDArray x) {
    return x.mul(x).add(1).maximum(x);
  }

  /** One half of a cycle. */
  public static String other() {
    return PartThatKnowsBounds.class.getName();
  }
}
