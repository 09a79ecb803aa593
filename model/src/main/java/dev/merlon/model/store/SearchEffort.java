package dev.merlon.model.store;

import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Rung;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How much was tried for a verdict.
 *
 * @param rungs what was tried, from cheap to expensive
 * @param attack the search for counterexamples in words; empty where none of the rungs searches
 * @param seed keys its start points; 0 where none of the rungs searches
 * @param timeoutMillis time for one query
 */
record SearchEffort(List<Rung> rungs, String attack, long seed, long timeoutMillis) {
  private static final Set<Rung> SEARCHING = EnumSet.of(Rung.PGD, Rung.TARGETED_PGD, Rung.BAB);

  SearchEffort {
    rungs = List.copyOf(rungs);
  }

  /** What an effort is, without what changes no answer. */
  static SearchEffort of(Effort effort) {
    boolean searches = effort.rungs().stream().anyMatch(SEARCHING::contains);
    return new SearchEffort(
        effort.rungs(),
        searches ? effort.attack().toString() : "",
        searches ? effort.seed() : 0,
        effort.timeout().toMillis());
  }

  /** Whether whoever asks for {@code other} has that much already. */
  boolean covers(SearchEffort other) {
    return rungs.containsAll(other.rungs)
        && timeoutMillis >= other.timeoutMillis
        && (!other.searches() || sameSearch(other));
  }

  /** Whether counterexamples were searched in the same way. */
  boolean sameSearch(SearchEffort other) {
    return attack.equals(other.attack) && seed == other.seed;
  }

  /** Whether an adversarial accuracy follows from verdicts of this effort. */
  boolean attacks() {
    return rungs.contains(Rung.PGD);
  }

  private boolean searches() {
    return !attack.isEmpty();
  }
}
