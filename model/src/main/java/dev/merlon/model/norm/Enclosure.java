package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** What holds every point of one cell of a set around each sample, as bounds can start from it. */
public sealed interface Enclosure {
  /** What is made of each form. */
  interface Visitor<T> {
    /** Of a ball. */
    T ball(Ball enclosure);

    /** Of boxes. */
    T boxes(Boxes enclosure);

    /** Of affine images. */
    T affine(Affine enclosure);
  }

  /** Hands this to the visitor's method for its form. */
  <T> T accept(Visitor<T> visitor);

  /** The ball itself around the samples. */
  record Ball(NormBall ball) implements Enclosure {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.ball(this);
    }
  }

  /** Boxes between two corners, {@code [N, C, H, W]}. */
  record Boxes(NDArray lower, NDArray upper) implements Enclosure {
    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.boxes(this);
    }
  }

  /**
   * Affine images of a cube and an interval around each: {@code center + u_1 generator_1 + ... + e}
   * for parameters {@code u_k} in {@code [-1,1]} and {@code |e| <= error}.
   *
   * @param center {@code [N, C, H, W]}
   * @param generators one for each parameter, at most {@link ParametricSet#MOST_PARAMETERS}, of the
   *     same shape
   * @param error at least 0, of the same shape
   */
  record Affine(NDArray center, List<NDArray> generators, NDArray error) implements Enclosure {
    /** Copies the list. */
    public Affine {
      generators = List.copyOf(generators);
    }

    @Override
    public <T> T accept(Visitor<T> visitor) {
      return visitor.affine(this);
    }
  }
}
