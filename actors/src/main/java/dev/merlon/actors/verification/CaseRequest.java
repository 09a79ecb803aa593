package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.VerifierSettings;
import dev.merlon.model.verify.cases.CaseFile;

/**
 * Cases of one model.
 *
 * @param model the file, as it was read
 * @param group the cases, all with the time limit of {@code settings}
 * @param settings how hard to try
 */
public record CaseRequest(ImportedModel model, CaseFile.Group group, VerifierSettings settings) {

  /**
   * Cases that cannot be worked on.
   *
   * @param sha256 of the model's file; a word where it could not be read
   * @param guarantee what was wanted
   * @param reason in one line
   */
  public record Refused(CaseFile.Group group, String sha256, Guarantee guarantee, String reason) {}
}
