package dev.merlon.model.training;

/** Which weights of a learner are meant. */
public enum Weights {
  /** Those that steps move. */
  TRAINED,
  /** The average of those at the ends of epochs. */
  AVERAGED
}
