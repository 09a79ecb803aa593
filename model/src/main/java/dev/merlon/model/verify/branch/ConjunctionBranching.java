package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.verify.specification.LinearConstraint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Branch and bound over neurons for conjunctions of constraints {@code sum c_j y_j <= g} on the
 * outputs: of each, one constraint after the other is to be excluded on the whole set, which is
 * shown by {@code min sum c_j y_j > g}. Constraints with the same {@code g} share one queue. To be
 * used once.
 */
public final class ConjunctionBranching {
  private final Root.Improved over;
  private final ToDoubleFunction<LinearConstraint> goals;
  private final long queueBytes;
  private final BranchAndBound.Probe probe;
  private final BooleanSupplier expired;
  private final Map<LinearConstraint, Double> lower = new HashMap<>();
  private final Map<LinearConstraint, List<ProvedSubproblem>> proofs = new HashMap<>();
  private boolean keepingProofs;
  private Optional<Unproved> unproved = Optional.empty();
  private boolean begun;
  private boolean refuted;

  /**
   * @param goals what a constraint's function has to be above to exclude it; infinite where nothing
   *     does
   * @param queueBytes what subproblems that are not proved yet may take
   * @param probe looks for counterexamples on the way
   */
  public ConjunctionBranching(
      Root.Improved over,
      ToDoubleFunction<LinearConstraint> goals,
      long queueBytes,
      BranchAndBound.Probe probe,
      BooleanSupplier expired) {
    this.over = over;
    this.goals = goals;
    this.queueBytes = queueBytes;
    this.probe = probe;
    this.expired = expired;
  }

  /**
   * A search that did not exclude a constraint.
   *
   * @param lower the bound of the constraint's function
   * @param search what the search found that it was part of
   */
  public record Unproved(
      LinearConstraint constraint, double lower, double goal, BranchAndBound.Result search) {}

  /**
   * What was found.
   *
   * @param open places of the conjunctions that are not excluded
   * @param lower bounds of the functions of those constraints that were tried
   * @param unproved the last that was not excluded, if any was tried in vain
   * @param proofs as in {@link BranchAndBound.Result}, of constraints that are excluded
   */
  public record Result(
      List<Integer> open,
      Map<LinearConstraint, Double> lower,
      Optional<Unproved> unproved,
      Map<LinearConstraint, List<ProvedSubproblem>> proofs) {
    /** Copies the lists. */
    public Result {
      open = List.copyOf(open);
      lower = Map.copyOf(lower);
      proofs = Map.copyOf(proofs);
    }
  }

  /** The same search, which keeps what it proves subproblems with. */
  public ConjunctionBranching keepingProofs() {
    keepingProofs = true;
    return this;
  }

  /**
   * Excludes as many conjunctions as it can until time is up or the probe finds something.
   *
   * @param cases the constraints of each conjunction that may be tried, in this order
   * @param leaves for subproblems in which nothing is left to split; functions are numbered as the
   *     constraints that it is made for
   */
  public Result exclude(
      List<List<LinearConstraint>> cases, Function<List<LinearConstraint>, LeafSolver> leaves) {
    List<Integer> open = IntStream.range(0, cases.size()).boxed().toList();
    Set<LinearConstraint> tried = new HashSet<>();
    boolean more = true;
    while (more && !refuted) {
      Map<Double, Set<LinearConstraint>> next = next(open.stream().map(cases::get).toList(), tried);
      Set<LinearConstraint> excluded = new HashSet<>();
      next.forEach((goal, wanted) -> excluded.addAll(excluded(goal, wanted, leaves)));
      next.values().forEach(tried::addAll);
      open =
          open.stream()
              .filter(place -> cases.get(place).stream().noneMatch(excluded::contains))
              .toList();
      more = !next.isEmpty() && !expired.getAsBoolean();
    }
    return new Result(open, lower, unproved, proofs);
  }

  /** The first constraint of each conjunction that was not tried, by goal. */
  private Map<Double, Set<LinearConstraint>> next(
      List<List<LinearConstraint>> open, Set<LinearConstraint> tried) {
    Map<Double, Set<LinearConstraint>> byGoal = new TreeMap<>(Comparator.reverseOrder());
    for (List<LinearConstraint> wanted : open) {
      wanted.stream()
          .filter(one -> !tried.contains(one))
          .findFirst()
          .ifPresent(
              one ->
                  byGoal
                      .computeIfAbsent(goals.applyAsDouble(one), goal -> new LinkedHashSet<>())
                      .add(one));
    }
    return byGoal;
  }

  private Set<LinearConstraint> excluded(
      double goal,
      Set<LinearConstraint> constraints,
      Function<List<LinearConstraint>, LeafSolver> leaves) {
    if (!Double.isFinite(goal) || refuted || (begun && expired.getAsBoolean())) {
      return Set.of();
    }
    begun = true;
    List<LinearConstraint> wanted = new ArrayList<>(constraints);
    int outputs = over.root().live().network().classes();
    BranchAndBound search =
        BranchAndBound.of(
            over.bounds(),
            OutputRows.of(wanted.stream().map(one -> one.row(outputs)).toList()),
            BranchSettings.published(queueBytes, over.bounds().unstable()).withGoal(goal),
            probe,
            leaves.apply(wanted),
            expired,
            over.root().scope());
    BranchAndBound.Result result =
        (keepingProofs ? search.keepingProofs() : search)
            .run(IntStream.range(0, wanted.size()).toArray());
    result.proofs().forEach((i, subproblems) -> proofs.put(wanted.get(i), subproblems));
    refuted = result.end() == BranchAndBound.End.REFUTED;
    Set<LinearConstraint> excluded = new HashSet<>();
    for (int i = 0; i < wanted.size(); i++) {
      double found = result.lower().getOrDefault(i, Double.NEGATIVE_INFINITY);
      lower.merge(wanted.get(i), found, Math::max);
      if (Double.isFinite(found) && found > goal) {
        excluded.add(wanted.get(i));
      } else {
        unproved = Optional.of(new Unproved(wanted.get(i), found, goal, result));
      }
    }
    return excluded;
  }
}
