package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.cases.CaseFile;

/**
 * Cases of one model.
 *
 * @param model the file, as it was read
 * @param group the cases, all with the time limit of {@code effort}
 * @param effort how hard to try
 */
public record CaseRequest(ImportedModel model, CaseFile.Group group, Effort effort) {

  /**
   * Cases that cannot be worked on.
   *
   * @param sha256 of the model's file; a word where it could not be read
   * @param reason in one line
   */
  public record Refused(CaseFile.Group group, String sha256, String reason) {}
}
