package dev.merlon.model.norm;

import java.util.Arrays;

/**
 * A float32 point that may lie in a perturbation set around an input: what becomes a witness of the
 * property's falsity if it does and the model errs there. Immutable.
 */
public final class Candidate {
  private static final double[] NONE = {};

  private final float[] point;
  private final double[] parameters;

  private Candidate(float[] point, double[] parameters) {
    this.point = point;
    this.parameters = parameters;
  }

  /** A point of a set without parameters, flat; copied. */
  public static Candidate at(float... point) {
    return new Candidate(point.clone(), NONE);
  }

  /**
   * A point that parameters lead to.
   *
   * @param point flat; copied
   * @param parameters in the order of the set's names; copied
   */
  public static Candidate of(float[] point, double... parameters) {
    return new Candidate(point.clone(), parameters.clone());
  }

  /** A copy of the point, flat in the network's {@code [C,H,W]} order. */
  public float[] point() {
    return point.clone();
  }

  /** A copy of the parameters; none for sets that have none. */
  public double[] parameters() {
    return parameters.clone();
  }

  /** The point itself, which nobody writes to. */
  float[] shared() {
    return point;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Candidate that
        && Arrays.equals(point, that.point)
        && Arrays.equals(parameters, that.parameters);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(point) + Arrays.hashCode(parameters);
  }

  @Override
  public String toString() {
    return Arrays.toString(point)
        + (parameters.length == 0 ? "" : " at " + Arrays.toString(parameters));
  }
}
