package dev.merlon.model.verify.count;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Outcome;
import java.util.Map;
import java.util.Optional;

/**
 * The verdicts for one perturbation set, counted.
 *
 * @param set the perturbation set
 * @param kinds how many verdicts of each kind; kinds that did not occur may be missing
 * @param inputs inputs asked for, at least 1
 * @param surviving inputs that are classified correctly and are proved or were attacked without
 *     success; those that no attack could run on are open; empty if nothing searches for
 *     counterexamples
 */
public record ThreatSummary(
    PerturbationSet set, Map<Outcome.Kind, Integer> kinds, int inputs, Optional<Share> surviving) {

  /** Copies the counts. */
  public ThreatSummary {
    kinds = Map.copyOf(kinds);
  }

  /** The set as configuration names it, such as {@code linf:0.1}. */
  public String name() {
    return set.text();
  }

  /** Number of verdicts of a kind. */
  public int count(Outcome.Kind kind) {
    return kinds.getOrDefault(kind, 0);
  }

  /** Inputs without a verdict yet. */
  public int pending() {
    return inputs - kinds.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Share of inputs that are proved; inputs without an answer are open. */
  public Share certified() {
    int open = count(Outcome.Kind.UNKNOWN) + count(Outcome.Kind.TIMEOUT) + pending();
    return new Share(count(Outcome.Kind.CERTIFIED), open, inputs);
  }

  /** Accuracy under the search for counterexamples, if there was one. */
  public Optional<Share> adversarial() {
    return surviving;
  }
}
