package dev.merlon.actors.report;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One test input that a report shows.
 *
 * @param index its number in the test images, from 0
 * @param verdicts about it, per perturbation; at least one
 */
record SampleInput(int index, Map<PerturbationSet, Verdict> verdicts) {

  /** Its class. */
  int label() {
    return any().property().label();
  }

  /** The class that the model gives it. */
  OptionalInt predicted() {
    return any().predicted();
  }

  private Verdict any() {
    return verdicts.values().iterator().next();
  }

  /** Picks the verdicts about chosen inputs. */
  static final class Builder {
    private final Map<Integer, Map<PerturbationSet, Verdict>> chosen = new LinkedHashMap<>();

    /**
     * A builder that has seen nothing yet.
     *
     * @param indices which inputs, in the order in which they are shown
     */
    Builder(Collection<Integer> indices) {
      indices.forEach(index -> chosen.put(index, new LinkedHashMap<>()));
    }

    void add(Verdict verdict) {
      Map<PerturbationSet, Verdict> known = chosen.get(verdict.property().index());
      if (known != null) {
        known.put(verdict.property().set(), verdict);
      }
    }

    List<SampleInput> build() {
      return chosen.entrySet().stream()
          .map(input -> new SampleInput(input.getKey(), input.getValue()))
          .toList();
    }
  }
}
