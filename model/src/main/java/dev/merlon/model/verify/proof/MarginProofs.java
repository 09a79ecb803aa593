package dev.merlon.model.verify.proof;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Proof;
import java.util.Map;
import java.util.Optional;

/**
 * What proved a certified query, margin by margin: which bounds, with which slopes and multipliers,
 * over which subproblems of the set. It holds what a checker needs that shares no code with the
 * search that found it.
 *
 * @param margins by the class that the label is compared with: all others
 */
public record MarginProofs(Map<Integer, MarginProof> margins) implements Proof {
  /** Copies the map. */
  public MarginProofs {
    margins = Map.copyOf(margins);
  }

  /** Those that came with a certificate; empty where they were not kept. */
  public static Optional<MarginProofs> of(Outcome.Certified certificate) {
    return certificate.proof().filter(MarginProofs.class::isInstance).map(MarginProofs.class::cast);
  }
}
