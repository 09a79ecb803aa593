package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.ProvedPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What parts were proved with, for each function: the leaves of its tree of splits. */
final class ProvedParts {
  private final Map<Integer, List<ProvedPart>> leaves = new HashMap<>();
  // Of these some part was proved in a way that cannot be told.
  private final Set<Integer> untold = new HashSet<>();

  /** Takes in a part that is proved. */
  void add(Domain.Half part) {
    part.found()
        .ifPresentOrElse(
            found ->
                leaves
                    .computeIfAbsent(part.function(), key -> new ArrayList<>())
                    .add(found.proof().get()),
            () -> untold.add(part.function()));
  }

  /** The parts of the functions that are proved on the whole set. */
  Map<Integer, List<ProvedPart>> without(Set<Integer> open) {
    Map<Integer, List<ProvedPart>> whole = new HashMap<>();
    leaves.forEach(
        (function, parts) -> {
          if (!open.contains(function) && !untold.contains(function)) {
            whole.put(function, List.copyOf(parts));
          }
        });
    return whole;
  }
}
