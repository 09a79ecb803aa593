package dev.merlon.config.evaluation;

import dev.merlon.config.value.Words;

/** What models of a run are compared by: a share of images, larger is better. */
public enum SelectionMetric {
  /** Models are not compared; the last one is the result. */
  NONE,
  /** Classified correctly. */
  NATURAL,
  /** Classified correctly under the evaluation's attack for every threat. */
  ADVERSARIAL,
  /** Classified correctly at every latent point that the objective searches, for every threat. */
  TAPS,
  /** Proved by bounds for every threat. */
  CERTIFIED;

  /** How it is written in configuration and reports. */
  public String word() {
    return Words.of(this);
  }
}
