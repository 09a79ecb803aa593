package dev.merlon.config.objective;

/** Where a backward pass of training is turned into numbers. */
public enum Concretisation {
  /** At the input alone (auto_LiRPA, CROWN-IBP's code). */
  INPUT,
  /** Behind every layer by its interval bounds, the tightest counts (CTBench). */
  EVERY_LAYER
}
