package dev.merlon.config.objective;

/** How CURE combines the losses of several norms. */
public enum CureForm {
  /** Weighted mean of the losses. */
  JOINT,
  /** The largest loss of each sample. */
  MAX,
  /** One norm for each part of the batch. */
  RANDOM,
  /** {@link #MAX} with bound alignment, and gradient projection at each epoch's end. */
  SCRATCH,
  /** {@link #MAX} with bound alignment, from a model that is certified for one norm. */
  FINETUNE;

  /** Whether the bounds of two norms are aligned. */
  public boolean aligns() {
    return this == SCRATCH || this == FINETUNE;
  }

  /** Whether natural and certified updates are compared and merged. */
  public boolean projects() {
    return this == SCRATCH;
  }

  /** Whether it needs a model to start from. */
  public boolean tunes() {
    return this == FINETUNE;
  }
}
