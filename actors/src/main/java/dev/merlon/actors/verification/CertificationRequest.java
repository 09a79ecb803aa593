package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.Questions;
import dev.merlon.model.verify.Requirement;
import dev.merlon.model.verify.VerifierSettings;
import java.util.Optional;

/**
 * What to certify and what to do with the verdicts.
 *
 * @param model the file, as it was read
 * @param questions inputs and threats
 * @param settings how hard to try
 * @param results where verdicts are written; empty = nowhere
 * @param gate a threshold; empty = none
 */
public record CertificationRequest(
    ImportedModel model,
    Questions questions,
    VerifierSettings settings,
    Optional<Results> results,
    Optional<Gate> gate) {

  /**
   * A threshold.
   *
   * @param stopEarly whether to stop once it can no longer be reached
   */
  public record Gate(Requirement requirement, boolean stopEarly) {}
}
