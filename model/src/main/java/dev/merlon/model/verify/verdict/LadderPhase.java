package dev.merlon.model.verify.verdict;

/** The parts of a ladder, from cheap to expensive, that may be climbed at different times. */
public enum LadderPhase {
  /** Predictions, bounds by boxes, one backward pass over them, and an untargeted search. */
  QUICK,
  /** Linear bounds for every layer, optimised ones, and a search towards each class. */
  SLOW,
  /** Branch and bound. */
  SEARCH
}
