package dev.merlon.config.attack;

/** Which batch-norm statistics an attack in training sees. */
public enum AttackStatistics {
  /** Those of the clean forward pass of the current batch (CTBench). */
  BATCH,
  /** The running ones (SABR code). */
  EVAL
}
