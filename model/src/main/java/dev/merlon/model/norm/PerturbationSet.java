package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;

/**
 * What the adversary may do to an input: a ball in the un-normalised input space, by default
 * intersected with {@code [0,1]^d}. A proof for the intersection is no proof for the whole ball, so
 * {@code clip} is part of every property.
 *
 * @param norm of the ball
 * @param eps radius, at least 0
 * @param clip whether the ball is intersected with {@code [0,1]^d}
 */
public record PerturbationSet(Norm norm, double eps, boolean clip) {
  /** Checks the radius. */
  public PerturbationSet {
    if (!(eps >= 0) || Double.isInfinite(eps)) {
      throw new IllegalArgumentException("a radius is a finite number of at least 0, not " + eps);
    }
  }

  /** The smallest perturbation set of the same form with another radius. */
  public PerturbationSet withEps(double other) {
    return new PerturbationSet(norm, other, clip);
  }

  /** Lower corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  public NDArray lower(NDArray x) {
    NDArray lower = x.sub(eps);
    return clip ? lower.maximum(0) : lower;
  }

  /** Upper corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  public NDArray upper(NDArray x) {
    NDArray upper = x.add(eps);
    return clip ? upper.minimum(1) : upper;
  }

  /**
   * The point of the set nearest to {@code candidate} for boxes, and a point of the set for the
   * other norms; both {@code [N, ...]}.
   */
  public NDArray project(NDArray x, NDArray candidate) {
    NDArray inside = x.add(norm.project(candidate.sub(x), eps));
    return clip ? inside.clip(0, 1) : inside;
  }

  /** For example {@code linf:0.1} or, for the whole ball, {@code linf:0.1 without clip}. */
  @Override
  public String toString() {
    return norm.name() + ":" + eps + (clip ? "" : " without clip");
  }
}
