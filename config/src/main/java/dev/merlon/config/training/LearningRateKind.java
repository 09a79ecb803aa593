package dev.merlon.config.training;

/** How the learning rate falls once its warm-up is over. */
public enum LearningRateKind {
  /** Multiplied by a factor after certain epochs. */
  STEP,
  /** Half a cosine from the first rate to the final one (Loshchilov and Hutter 2017). */
  COSINE
}
