package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelOpening;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.VerifierFactory;
import dev.merlon.model.verify.question.ModelKey;
import java.util.Optional;

/**
 * A model as verifiers get it.
 *
 * @param digest of its content and of what is done around it; equal where verifiers may be shared
 * @param bytes what an open verifier of it takes, roughly
 * @param factory opens a verifier; thread-safe
 * @param opening how a process of its own opens it; empty where it was not read from a file
 */
public record ServedModel(
    String digest, long bytes, VerifierFactory factory, Optional<ModelOpening> opening) {
  // Tensors in both precisions, and the runtime's own.
  private static final int COPIES = 4;

  /** A model that was read. */
  static ServedModel of(ImportedModel model, VerificationSettings settings) {
    return new ServedModel(
        model.sha256() + " " + ModelKey.of(model).scaling(),
        (long) COPIES * model.file().length,
        () -> LadderVerifier.open(model, settings.limits()),
        model.opening());
  }

  /**
   * A model that this process was told to open.
   *
   * @param digest as whoever tells it calls it
   */
  static ServedModel told(String digest, ModelOpening opening, Limits limits) {
    return new ServedModel(
        digest,
        COPIES * opening.file().toFile().length(),
        () -> LadderVerifier.open(opening.read(), limits),
        Optional.of(opening));
  }
}
