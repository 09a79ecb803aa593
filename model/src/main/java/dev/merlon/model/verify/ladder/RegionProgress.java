package dev.merlon.model.verify.ladder;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one region of a property that is not decided.
 *
 * @param tried the rungs that were climbed to their end
 * @param open subproblems outside of which the region has no counterexample, the next to be worked
 *     on first
 * @param outcome how the region ended, if it did
 */
public record RegionProgress(Set<Rung> tried, List<BoxSubproblem> open, Optional<Outcome> outcome) {
  /** Copies the collections. */
  public RegionProgress {
    tried = Set.copyOf(tried);
    open = List.copyOf(open);
  }
}
