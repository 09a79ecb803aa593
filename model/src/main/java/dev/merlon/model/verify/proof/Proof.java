package dev.merlon.model.verify.proof;

import java.util.Map;

/**
 * What proved a certified query, margin by margin: which bounds, with which slopes and multipliers,
 * over which parts of the set. It holds what a checker needs that shares no code with the search
 * that found it.
 *
 * @param margins by the class that the label is compared with: all others
 */
public record Proof(Map<Integer, MarginProof> margins) {
  /** Copies the map. */
  public Proof {
    margins = Map.copyOf(margins);
  }
}
