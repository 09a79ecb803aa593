package dev.merlon.actors.report;

import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which classes a model takes for which, over its inputs as they are.
 *
 * @param counts square, {@code counts[label][predicted]}
 */
@SuppressWarnings("ArrayRecordComponent") // Shown, never compared.
public record Confusion(long[][] counts) {

  /** So many inputs of one class taken for another. */
  record Pair(int label, int predicted, long count) {}

  /** The commonest mistakes, at most so many. */
  List<Pair> worst(int most) {
    List<Pair> pairs = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        if (label != predicted && counts[label][predicted] > 0) {
          pairs.add(new Pair(label, predicted, counts[label][predicted]));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Pair::count).reversed());
    return pairs.subList(0, Math.min(most, pairs.size()));
  }

  /** Counts verdicts; several about one input count once. */
  static final class Builder {
    private final BitSet seen = new BitSet();
    private final Map<Integer, Map<Integer, Long>> counts = new TreeMap<>();
    private int classes;

    void add(Verdict verdict) {
      int label = verdict.property().label();
      classes = Math.max(classes, label + 1);
      verdict.margins().ifPresent(margins -> classes = Math.max(classes, margins.classes()));
      if (verdict.predicted().isEmpty() || seen.get(verdict.property().index())) {
        return;
      }
      seen.set(verdict.property().index());
      int predicted = verdict.predicted().getAsInt();
      classes = Math.max(classes, predicted + 1);
      counts.computeIfAbsent(label, row -> new TreeMap<>()).merge(predicted, 1L, Long::sum);
    }

    Confusion build() {
      long[][] square = new long[classes][classes];
      counts.forEach(
          (label, row) -> row.forEach((predicted, count) -> square[label][predicted] = count));
      return new Confusion(square);
    }
  }
}
