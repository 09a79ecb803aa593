package dev.merlon.model.bound.soundness;

import dev.merlon.model.bound.soundness.DenseNetwork.Misreading;

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
  ALWAYS_CLIPPED,
  /** A leaky rectifier is taken for one without a leak. */
  LEAK_FORGOTTEN,
  /** An S-shaped curve is bounded by its tangent where it lies above it, and by its chord below. */
  TANGENT_AND_CHORD_SWAPPED,
  /** The functions around a max pool are those of another tap than the one they were chosen for. */
  POOL_OTHER_TAP,
  /** A max pool's chosen tap is taken for the maximum although another may exceed it. */
  POOL_TAKEN_FOR_DECIDED,
  /** Padding counts as zeros in a max pool. */
  POOL_PADDING_COUNTED,
  /** Means count padding the other way. */
  MEAN_OF_OTHER_COUNT,
  /** All groups of a convolution see the first. */
  GROUP_IGNORED;

  /** The mistake in the network's matrices that comes with it. */
  Misreading misreading() {
    return switch (this) {
      case MEAN_OF_OTHER_COUNT -> Misreading.PADDING_IN_MEANS;
      case GROUP_IGNORED -> Misreading.FIRST_GROUP;
      default -> Misreading.NONE;
    };
  }
}
