package dev.merlon.model.verify;

/** Opens verifiers of one model, each with native memory of its own. Thread-safe. */
@FunctionalInterface
public interface VerifierFactory {

  /**
   * A new verifier; the caller closes it.
   *
   * @throws dev.merlon.config.failure.MerlonException when the model is refused
   */
  Verifier open();
}
