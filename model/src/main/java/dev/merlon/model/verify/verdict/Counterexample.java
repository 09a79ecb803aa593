package dev.merlon.model.verify.verdict;

import dev.merlon.model.norm.Candidate;
import java.util.OptionalInt;

/**
 * A point of a perturbation set at which ONNX Runtime prefers another class, with the parameters
 * that lead to it where the set has some. Immutable.
 *
 * @param witness the float32 numbers that ONNX Runtime was given
 * @param adversarial ONNX Runtime's class of the point; empty where an older result does not say
 */
public record Counterexample(Candidate witness, OptionalInt adversarial) {

  /** The counterexample at this point; its class is not known. */
  public static Counterexample at(Candidate witness) {
    return new Counterexample(witness, OptionalInt.empty());
  }

  /** The same for a point of a set without parameters, which is copied. */
  public static Counterexample at(float... point) {
    return at(Candidate.at(point));
  }

  /** The same where ONNX Runtime's class of the point is known. */
  public Counterexample seenAs(int adversarialClass) {
    return new Counterexample(witness, OptionalInt.of(adversarialClass));
  }

  /** A copy of the point, flat in the network's {@code [C,H,W]} order. */
  public float[] point() {
    return witness.point();
  }
}
