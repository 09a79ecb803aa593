package dev.merlon.model.verify.soundness;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run of the suite found. Not thread-safe. */
final class Findings {
  private final Map<Count, Integer> counts = new EnumMap<>(Count.class);
  private final List<String> violations = new ArrayList<>();

  /** What is counted. */
  enum Count {
    /** Questions asked. */
    CASES,
    /** Certified. */
    CERTIFIED,
    /** Of these, with a radius within 5% of the largest certifiable one. */
    NEAR,
    /** Falsified. */
    FALSIFIED,
    /** Decided by branch and bound. */
    BY_BRANCHING,
    /** Questions about radii with a known counterexample. */
    REFUTABLE,
    /** Of these, falsified by the attack rung. */
    FOUND_BY_ATTACK,
    /** Of these, left open. */
    MISSED,
    /** Neither proved nor refuted. */
    OPEN,
    /** Certificates that solver or regions did not confirm to the end. */
    UNSETTLED,
    /** Certificates of what a known point refutes. */
    FALSE_CERTIFICATES
  }

  void count(Count count) {
    counts.merge(count, 1, Integer::sum);
  }

  void count(Count count, boolean holds) {
    if (holds) {
      count(count);
    }
  }

  void violation(String what) {
    violations.add(what);
  }

  void add(Findings other) {
    other.counts.forEach((count, number) -> counts.merge(count, number, Integer::sum));
    violations.addAll(other.violations);
  }

  int of(Count count) {
    return counts.getOrDefault(count, 0);
  }

  double share(Count part, Count whole) {
    return of(part) / (double) Math.max(1, of(whole));
  }

  /** What must not be, in words. */
  List<String> violations() {
    return violations;
  }

  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(
            each -> each.getKey().name().toLowerCase(java.util.Locale.ROOT) + " " + each.getValue())
        .collect(Collectors.joining(", ", "", ", violations " + violations.size()));
  }
}
