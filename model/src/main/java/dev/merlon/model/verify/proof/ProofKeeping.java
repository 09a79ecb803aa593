package dev.merlon.model.verify.proof;

/** Whether certificates come with what proved them. */
public enum ProofKeeping {
  /** Without: nothing is computed or stored for it. */
  NONE,
  /** With: slopes and multipliers of every subproblem that was proved stay in memory. */
  WHOLE
}
