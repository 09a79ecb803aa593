package dev.merlon.config.objective;

/** What bounds the loss over a small region in training. */
public enum RegionBounds {
  /** Margins by interval bounds. */
  IBP,
  /**
   * The loss itself by one backward row over interval bounds (loss fusion, Xu et al. 2020). A ball
   * that is no box stays one until the row reaches the input.
   */
  CROWN_IBP
}
