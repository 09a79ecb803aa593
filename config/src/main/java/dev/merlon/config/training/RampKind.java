package dev.merlon.config.training;

/** How the radius grows from 0 to its final value. */
public enum RampKind {
  /** In proportion to the steps done. */
  LINEAR,
  /** A fourth power over the first quarter, then linear (CTBench, auto_LiRPA, CROWN-IBP). */
  SMOOTH
}
