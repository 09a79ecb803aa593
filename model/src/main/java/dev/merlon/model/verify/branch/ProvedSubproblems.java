package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.ProvedSubproblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What subproblems were proved with, for each function: the leaves of its tree of splits. */
final class ProvedSubproblems {
  private final Map<Integer, List<ProvedSubproblem>> leaves = new HashMap<>();
  // Of these some subproblem was proved in a way that cannot be told.
  private final Set<Integer> untold = new HashSet<>();

  /** Takes in a subproblem that is proved. */
  void add(BoundedSubproblem subproblem) {
    subproblem
        .found()
        .ifPresentOrElse(
            found ->
                leaves
                    .computeIfAbsent(subproblem.function(), key -> new ArrayList<>())
                    .add(found.proof().get()),
            () -> untold.add(subproblem.function()));
  }

  /** The subproblems of the functions that are proved on the whole set. */
  Map<Integer, List<ProvedSubproblem>> without(Set<Integer> open) {
    Map<Integer, List<ProvedSubproblem>> whole = new HashMap<>();
    leaves.forEach(
        (function, subproblems) -> {
          if (!open.contains(function) && !untold.contains(function)) {
            whole.put(function, List.copyOf(subproblems));
          }
        });
    return whole;
  }
}
