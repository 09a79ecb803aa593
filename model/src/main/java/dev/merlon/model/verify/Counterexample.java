package dev.merlon.model.verify;

import java.util.Arrays;

/**
 * A point of a perturbation set at which ONNX Runtime prefers another class. Immutable.
 *
 * <p>Flat in the network's {@code [C,H,W]} order; the float32 numbers are the ones ONNX Runtime was
 * given.
 */
public final class Counterexample {
  private final float[] point;

  private Counterexample(float[] point) {
    this.point = point;
  }

  /** The counterexample at this point, which is copied. */
  public static Counterexample at(float... point) {
    return new Counterexample(point.clone());
  }

  /** A copy of the point. */
  public float[] point() {
    return point.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counterexample that && Arrays.equals(point, that.point);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(point);
  }

  @Override
  public String toString() {
    return Arrays.toString(point);
  }
}
