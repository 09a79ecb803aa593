package dev.merlon.model.verify;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the verdicts of one results file are about and how they were found.
 *
 * @param model SHA-256 of the model file
 * @param data digest of the data set that the inputs are of
 * @param guarantee what a certificate is about
 * @param rungs what was tried
 */
public record VerdictOrigin(String model, String data, Guarantee guarantee, List<Rung> rungs) {
  /** Copies the rungs. */
  public VerdictOrigin {
    rungs = List.copyOf(rungs);
  }

  /** The form in which it lies beside a results file; equal for equal questions only. */
  String text() {
    String words = rungs.stream().map(Rung::word).collect(Collectors.joining(","));
    return "model "
        + model
        + "\ndata "
        + data
        + "\nguarantee "
        + guarantee.word()
        + "\nrungs "
        + words
        + "\n";
  }
}
