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

  /** The same halves with the best bounds and parameters that the optimisation finds. */
  List<Domain.Half> raised(List<Domain.Half> halves, SlopeSettings optimisation) {
    if (halves.isEmpty()) {
      return List.of();
    }
    try (Scope work = scope.child("output rows")) {
      List<SplitBounds.Bounded> found =
          bounds.maximise(
              bounds.output(), rows(halves, work), parts(halves), optimisation, expired);
      List<Domain.Half> raised = new ArrayList<>(halves.size());
      for (int i = 0; i < halves.size(); i++) {
        raised.add(halves.get(i).with(found.get(i)));
      }
      return raised;
    }
  }

  /** How the halves' bounds come about, with the parameters that they have. */
  List<SplitBounds.Insight> inspected(List<Domain.Half> halves) {
    List<SplitBounds.Insight> all = new ArrayList<>(halves.size());
    int chunk = bounds.rowsAtOnce(bounds.output());
    for (int from = 0; from < halves.size(); from += chunk) {
      List<Domain.Half> some = halves.subList(from, Math.min(halves.size(), from + chunk));
      try (Scope work = scope.child("output rows")) {
        all.addAll(bounds.inspect(bounds.output(), rows(some, work), parts(some)));
      }
    }
    return all;
  }

  private NDArray rows(List<Domain.Half> halves, Scope work) {
    int[] numbers = halves.stream().mapToInt(Domain.Half::function).toArray();
    return functions.of(bounds, numbers, work);
  }

  private static List<Subproblem> parts(List<Domain.Half> halves) {
    return halves.stream().map(Domain.Half::part).toList();
  }
}
