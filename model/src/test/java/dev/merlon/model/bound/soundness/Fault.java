package dev.merlon.model.bound.soundness;

/** Mistakes that implementations of these bounds have made or could make. */
enum Fault {
  /** None: must agree with the bounds under test. */
  NONE,
  /** {@code W r} instead of {@code |W| r}. */
  ABSOLUTE_WEIGHT_DROPPED,
  /** Positive coefficients take the upper line and negative ones the lower. */
  SLOPES_SWAPPED,
  /** The upper line runs through 0. */
  INTERCEPT_DROPPED,
  /** A ball's functions are bounded with another norm than the dual one. */
  WRONG_DUAL_NORM,
  /** Radii of a padded convolution as if there were no padding. */
  PADDING_IGNORED_FORWARD,
  /** Adjoint of a padded convolution as if there were no padding. */
  PADDING_IGNORED_ADJOINT,
  /** The radius is not divided by the normalisation's deviation. */
  NORMALISATION_SKIPPED,
  /** Lower and upper ends exchanged. */
  ENDS_SWAPPED,
  /** Coefficients that meet at a fork overwrite each other. */
  FORK_OVERWRITTEN,
  /** The whole ball is asked for and its intersection with [0,1] is bounded. */
  ALWAYS_CLIPPED
}
