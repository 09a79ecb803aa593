package dev.merlon.config.evaluation;

/** Which model is the result of a run that compares its models. */
public enum FinalModel {
  /** The best one. */
  BEST,
  /** That of the last epoch. */
  LAST
}
