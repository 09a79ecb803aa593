package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Branch and bound over the parameters of a set: every cell that CROWN does not prove is split,
 * until all are proved, one cannot be split or time is up. With at most four parameters that closes
 * the bounds much sooner than splitting neurons does (as in DeepPoly's and FGV's grids of
 * parameters: Singh et al. 2019, Yang et al. 2023). In float64.
 */
final class CellBranching {
  // Cells of a query that are looked at at most: one that needs more is as good as refuted.
  private static final int MOST_CELLS = 1 << 16;

  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;

  CellBranching(LiveNetwork live, CrownOptions options, Clock clock) {
    this.live = live;
    this.options = options;
    this.clock = clock;
  }

  /** Whether the cells of a set are split, rather than the network's neurons. */
  static boolean concerns(PerturbationSet set) {
    return set.cells() > 1 || !set.split(set.cell(0)).isEmpty();
  }

  /** Tries to end a query. */
  void answer(OpenQuery open) {
    Clock.Deadline deadline = clock.deadline(open);
    PerturbationSet set = open.query().set();
    double[] lowest = new double[live.network().classes()];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    Map<Integer, List<MarginProof.BoundedCell>> proved = new HashMap<>();
    Deque<Cell> left = new ArrayDeque<>();
    long done = 0;
    for (long next = 0; !left.isEmpty() || next < set.cells(); done++) {
      Cell cell = left.isEmpty() ? set.cell(next++) : left.pop();
      if (deadline.expired() || clock.stop().getAsBoolean()) {
        stopped(open, done, clock.stop().getAsBoolean());
        return;
      }
      double[] margins = margins(open.query(), cell);
      if (proves(margins, open.query().label())) {
        Arrays.setAll(lowest, j -> Math.min(lowest[j], margins[j]));
        for (int j = 0; open.keepsProofs() && j < margins.length; j++) {
          proved
              .computeIfAbsent(j, other -> new ArrayList<>())
              .add(new MarginProof.BoundedCell(cell, margins[j]));
        }
        continue;
      }
      List<Cell> parts = set.split(cell);
      if (parts.isEmpty() || done >= MOST_CELLS) {
        open.end(new Outcome.Unknown(Rung.BAB, words("a cell is not proved", open, done)));
        return;
      }
      parts.forEach(left::push);
    }
    BoundStep.judge(
        Rung.BAB,
        open,
        MarginBounds.of(open.query().label(), lowest),
        other ->
            Optional.ofNullable(proved.get(other))
                .map(cells -> new MarginProof.ByCells(Rung.BAB, cells)));
  }

  private static void stopped(OpenQuery open, long done, boolean interrupted) {
    if (interrupted) {
      open.interrupt();
    } else {
      open.end(new Outcome.Timeout(Rung.BAB, Optional.of(words("time is up", open, done))));
    }
  }

  private static String words(String why, OpenQuery open, long done) {
    return why + "; " + open.progress() + "; cells " + done;
  }

  private static boolean proves(double[] margins, int label) {
    for (int j = 0; j < margins.length; j++) {
      if (j != label && !(margins[j] > 0)) {
        return false;
      }
    }
    return true;
  }

  private double[] margins(Query query, Cell cell) {
    CrownOptions rounded = options.withRounding(query.guarantee().rounding());
    try (Scope scope = live.scope().child("cell")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            NDArray x = Inputs.tensor(scope, inner, query.x(), 1);
            InputSet input = InputSet.around(x, query.set(), cell);
            return Crown.crown(inner, input, scope.labels(query.label()), rounded).toDoubleArray();
          });
    }
  }
}
