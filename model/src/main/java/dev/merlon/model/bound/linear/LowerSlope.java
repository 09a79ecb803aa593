package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scalars;

/**
 * Which line through 0 bounds an unstable rectifier from below; every slope between its own below 0
 * and 1 is sound. Other activations have lines of their own.
 */
public enum LowerSlope {
  /**
   * 1 where {@code u > -l}, else the flattest: the relaxation of least area (DeepPoly; CROWN's
   * "adaptive").
   */
  ADAPTIVE {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope, double flattest) {
      DataType type = upper.getDataType();
      NDArray steep = upper.add(lower).gt(0).toType(type, false);
      return Scalars.times(steep, 1 - flattest).add(flattest);
    }
  },
  /** The upper line's slope (Fast-Lin). */
  SAME {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope, double flattest) {
      return upperSlope;
    }
  },
  /** The rectifier's own slope below 0, for a ReLU 0 as in interval bounds. */
  ZERO {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope, double flattest) {
      return upperSlope.zerosLike().add(flattest);
    }
  };

  /**
   * Slopes for unstable rectifiers; what is given for stable ones does not count.
   *
   * @param flattest the rectifiers' slope below 0
   */
  abstract NDArray of(NDArray lower, NDArray upper, NDArray upperSlope, double flattest);
}
