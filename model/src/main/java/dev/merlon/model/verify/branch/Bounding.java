package dev.merlon.model.verify.branch;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Linear functions of the outputs bounded over subproblems of one set.
 *
 * @param bounds over the set
 * @param functions which are bounded
 * @param expired whether time is up
 * @param scope to work in
 */
record Bounding(SplitBounds bounds, OutputRows functions, BooleanSupplier expired, Scope scope) {

  /** The same with the best bounds and parameters that the optimisation finds. */
  List<BoundedSubproblem> raised(List<BoundedSubproblem> subproblems, SlopeSettings optimisation) {
    if (subproblems.isEmpty()) {
      return List.of();
    }
    try (Scope work = scope.child("output rows")) {
      List<SplitBounds.Bounded> found =
          bounds.maximise(
              bounds.output(),
              rows(subproblems, work),
              subproblems(subproblems),
              optimisation,
              expired);
      List<BoundedSubproblem> raised = new ArrayList<>(subproblems.size());
      for (int i = 0; i < subproblems.size(); i++) {
        raised.add(subproblems.get(i).with(found.get(i)));
      }
      return raised;
    }
  }

  /** How their bounds come about, with the parameters that they have. */
  List<SplitBounds.Insight> inspected(List<BoundedSubproblem> subproblems) {
    List<SplitBounds.Insight> all = new ArrayList<>(subproblems.size());
    int chunk = bounds.rowsAtOnce(bounds.output());
    for (int from = 0; from < subproblems.size(); from += chunk) {
      List<BoundedSubproblem> some =
          subproblems.subList(from, Math.min(subproblems.size(), from + chunk));
      try (Scope work = scope.child("output rows")) {
        all.addAll(bounds.inspect(bounds.output(), rows(some, work), subproblems(some)));
      }
    }
    return all;
  }

  private NDArray rows(List<BoundedSubproblem> subproblems, Scope work) {
    int[] numbers = subproblems.stream().mapToInt(BoundedSubproblem::function).toArray();
    return functions.of(bounds, numbers, work);
  }

  private static List<Subproblem> subproblems(List<BoundedSubproblem> subproblems) {
    return subproblems.stream().map(BoundedSubproblem::subproblem).toList();
  }
}
