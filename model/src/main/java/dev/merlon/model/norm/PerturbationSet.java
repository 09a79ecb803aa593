package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.ThreatSpec;

/**
 * What the adversary may do to an input, in the un-normalised input space. Two sets are equal if
 * and only if their canonical texts are.
 */
public sealed interface PerturbationSet permits NormBall {

  /**
   * The set as people write it and as results name it, such as {@code linf:8/255}. It does not say
   * whether the set is clipped to {@code [0,1]^d}.
   */
  String text();

  /**
   * The set exactly and in one form only, for digests of what is asked, such as {@code
   * linf:0x1.3333333333333p-2 clip [0,1]}.
   */
  String canonical();

  /** The norm of a ball. */
  Norm norm();

  /** Norm and radius as configuration names them; for a radius above 0. */
  ThreatSpec threat();

  /** The radius of a ball. */
  double eps();

  /** Whether the ball is intersected with {@code [0,1]^d}. */
  boolean clip();

  /** The set of the same form with another radius. */
  PerturbationSet withEps(double other);

  /** Lower corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  NDArray lower(NDArray x);

  /** Upper corner of the smallest box around the set at each sample; {@code x [N, ...]}. */
  NDArray upper(NDArray x);

  /** A point of the set near {@code candidate}; both {@code [N, ...]}. */
  NDArray project(NDArray x, NDArray candidate);

  /** Lower bounds of linear functions over the set, {@code [N, R]}; {@code x [N, D]}. */
  NDArray minimum(Rows rows, NDArray x);
}
