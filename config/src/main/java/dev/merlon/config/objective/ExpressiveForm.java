package dev.merlon.config.objective;

/** How an expressive loss mixes (De Palma et al. 2024). */
public enum ExpressiveForm {
  /** {@code (1-a) adversarial + a interval} loss. */
  MTL_IBP,
  /** The loss of {@code (1-a) adversarial + a interval} margins. */
  CC_IBP,
  /** {@code adversarial^(1-a) interval^a}. */
  EXP_IBP
}
