package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Which line through 0 bounds an unstable rectifier from below; every slope in {@code [0, 1]} is
 * sound.
 */
public enum LowerSlope {
  /**
   * 1 where {@code u > -l}, else 0: the relaxation of least area (DeepPoly; CROWN's "adaptive").
   */
  ADAPTIVE {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope) {
      DataType type = upper.getDataType();
      return upper.add(lower).gt(0).toType(type, false);
    }
  },
  /** The upper line's slope (Fast-Lin). */
  SAME {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope) {
      return upperSlope;
    }
  },
  /** 0, as in interval bounds. */
  ZERO {
    @Override
    NDArray of(NDArray lower, NDArray upper, NDArray upperSlope) {
      return upperSlope.zerosLike();
    }
  };

  /** Slopes for unstable rectifiers; what is given for stable ones does not count. */
  abstract NDArray of(NDArray lower, NDArray upper, NDArray upperSlope);
}
