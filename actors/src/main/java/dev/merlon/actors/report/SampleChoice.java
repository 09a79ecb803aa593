package dev.merlon.actors.report;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Outcome;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Chooses the inputs that a report shows: the first ones of each kind, so that nobody picks what
 * looks good.
 */
final class SampleChoice {
  private static final int EACH = 2;

  private final SortedMap<Integer, Collection<Outcome.Kind>> open = new TreeMap<>();
  private final Set<Integer> chosen = new LinkedHashSet<>();

  private SampleChoice() {}

  /**
   * The chosen inputs, in the order in which they are shown: certified for every threat, certified
   * for some, undecided, falsified.
   *
   * @param kinds the verdicts about each input
   * @param threats how many verdicts an input needs to be chosen
   */
  static Set<Integer> of(Map<Integer, Map<PerturbationSet, Outcome.Kind>> kinds, int threats) {
    SampleChoice choice = new SampleChoice();
    kinds.forEach(
        (index, verdicts) -> {
          if (verdicts.size() == threats) {
            choice.open.put(index, verdicts.values());
          }
        });
    choice.first(verdicts -> certified(verdicts) == threats);
    choice.first(verdicts -> certified(verdicts) > 0 && certified(verdicts) < threats);
    choice.first(verdicts -> verdicts.contains(Outcome.Kind.UNKNOWN));
    choice.first(verdicts -> verdicts.contains(Outcome.Kind.FALSIFIED));
    return choice.chosen;
  }

  private void first(Predicate<Collection<Outcome.Kind>> matches) {
    open.entrySet().stream()
        .filter(input -> !chosen.contains(input.getKey()))
        .filter(input -> matches.test(input.getValue()))
        .limit(EACH)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(chosen::add);
  }

  private static long certified(Collection<Outcome.Kind> kinds) {
    return kinds.stream().filter(kind -> kind == Outcome.Kind.CERTIFIED).count();
  }
}
