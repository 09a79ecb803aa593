package dev.merlon.model.verify;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A point of a perturbation set at which ONNX Runtime prefers another class. Immutable.
 *
 * <p>Flat in the network's {@code [C,H,W]} order; the float32 numbers are the ones ONNX Runtime was
 * given.
 */
public final class Counterexample {
  private final float[] point;
  private final OptionalInt adversarial;

  private Counterexample(float[] point, OptionalInt adversarial) {
    this.point = point;
    this.adversarial = adversarial;
  }

  /** The counterexample at this point, which is copied; its class is not known. */
  public static Counterexample at(float... point) {
    return new Counterexample(point.clone(), OptionalInt.empty());
  }

  /** The same where ONNX Runtime's class of the point is known. */
  public Counterexample seenAs(int adversarialClass) {
    return new Counterexample(point, OptionalInt.of(adversarialClass));
  }

  /** ONNX Runtime's class of the point; empty where an older result does not say. */
  public OptionalInt adversarial() {
    return adversarial;
  }

  /** A copy of the point. */
  public float[] point() {
    return point.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counterexample that
        && Arrays.equals(point, that.point)
        && adversarial.equals(that.adversarial);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(point) + adversarial.hashCode();
  }

  @Override
  public String toString() {
    return Arrays.toString(point);
  }
}
