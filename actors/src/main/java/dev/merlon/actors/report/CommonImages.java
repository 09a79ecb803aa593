package dev.merlon.actors.report;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import dev.merlon.model.verify.count.UnionTally;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The images that two runs were both certified on: what can be compared of their accuracies. Images
 * are the same if they have the same number in data of the same digest, questions if they are about
 * the same set, clip included.
 */
final class CommonImages {
  private final Optional<UnionTally> base;
  private final Optional<UnionTally> other;

  /** Of two runs; none where one has no verdicts or they are about other data. */
  CommonImages(RunRecord base, RunRecord other) {
    boolean same =
        base.verdicts()
            .map(found -> found.about().data())
            .equals(other.verdicts().map(found -> found.about().data()));
    this.base = base.verdicts().filter(found -> same).map(RunVerdicts::tally);
    this.other = other.verdicts().filter(found -> same).map(RunVerdicts::tally);
  }

  /**
   * What both say about the same images.
   *
   * @param images how many
   */
  record Pair(int images, Summary base, Summary other) {}

  /** About the images that both have any verdict about. */
  Optional<Pair> images() {
    return pair(shared(UnionTally::answered));
  }

  /** About the images that both were asked about this set. */
  Optional<Pair> under(PerturbationSet set) {
    return pair(shared(tally -> tally.answered(set)));
  }

  /** About the images of both, where they were asked about the same sets. */
  Optional<Pair> union() {
    return base.map(UnionTally::threats).equals(other.map(UnionTally::threats))
        ? images()
        : Optional.empty();
  }

  /** Whether both were certified on the same images against the same sets. */
  boolean areAll() {
    return base.isPresent()
        && base.map(UnionTally::threats).equals(other.map(UnionTally::threats))
        && base.map(UnionTally::answered).equals(other.map(UnionTally::answered));
  }

  /** The accuracies under a set. */
  static Optional<ThreatSummary> of(Summary summary, PerturbationSet set) {
    return summary.threats().stream().filter(threat -> threat.set().equals(set)).findFirst();
  }

  private interface Inputs {
    Set<Integer> of(UnionTally tally);
  }

  private Set<Integer> shared(Inputs inputs) {
    Set<Integer> shared = new HashSet<>(base.map(inputs::of).orElse(Set.of()));
    shared.retainAll(other.map(inputs::of).orElse(Set.of()));
    return shared;
  }

  private Optional<Pair> pair(Set<Integer> shared) {
    return shared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pair(
                shared.size(),
                base.orElseThrow().summaryOf(shared),
                other.orElseThrow().summaryOf(shared)));
  }
}
