package dev.merlon.config.objective;

/** What the weight of the robust loss follows. */
public enum WeightBasis {
  /** Epochs finished. */
  EPOCHS,
  /** How far the radius has grown (CROWN-IBP's kappa). */
  RADIUS
}
