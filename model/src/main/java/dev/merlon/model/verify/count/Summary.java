package dev.merlon.model.verify.count;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the verdicts so far say about a model. Fractions are of all inputs asked for, misclassified
 * ones included.
 *
 * @param inputs inputs asked for
 * @param answered inputs with a verdict for every threat
 * @param natural share of inputs that are classified correctly
 * @param threats one summary per perturbation set, in the order asked for
 * @param union share of inputs that are proved for every threat
 * @param surviving share of inputs that are classified correctly and are proved, or were attacked
 *     without success, for every threat; inputs that no attack could run on are open; empty if
 *     nothing searches for counterexamples
 * @param rungs how many verdicts each rung decided, but for those that were known before
 * @param unprocessed the inputs that could not be worked on to the end
 */
public record Summary(
    int inputs,
    int answered,
    Share natural,
    List<ThreatSummary> threats,
    Share union,
    Optional<Share> surviving,
    Map<Rung, Integer> rungs,
    Unprocessed unprocessed) {

  /**
   * Inputs that could not be worked on to the end for at least one threat.
   *
   * @param inputs how many
   * @param reason that of the first of them, in the order of the data set
   */
  public record Unprocessed(int inputs, Optional<String> reason) {}

  /** Copies the collections. */
  public Summary {
    threats = List.copyOf(threats);
    rungs = Map.copyOf(rungs);
  }

  /** The summary of the set that configuration calls {@code name}, if it was asked for. */
  public Optional<ThreatSummary> threat(String name) {
    return threats.stream().filter(threat -> threat.set().isMeantBy(name)).findFirst();
  }

  /** Verdicts of one kind over all threats. */
  public int count(Outcome.Kind kind) {
    return threats.stream().mapToInt(threat -> threat.count(kind)).sum();
  }

  /** Whether every input has all its verdicts. */
  public boolean complete() {
    return answered == inputs;
  }
}
