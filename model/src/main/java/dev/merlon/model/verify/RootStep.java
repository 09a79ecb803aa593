package dev.merlon.model.verify;

import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.verify.branch.Root;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Rung;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Ends queries that are proved over CROWN's bounds inside the network: each margin that no earlier
 * rung proved is bounded with the slopes of least area (CROWN), or with slopes optimised for it
 * (alpha-CROWN), in float64. Leaves the bounds inside the network to later rungs.
 */
final class RootStep implements SingleStep {
  private final Rung rung;
  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;

  private RootStep(Rung rung, LiveNetwork live, CrownOptions options, Clock clock) {
    this.rung = rung;
    this.live = live;
    this.options = options;
    this.clock = clock;
  }

  /** CROWN. */
  static RootStep crown(LiveNetwork live, CrownOptions options, Clock clock) {
    return new RootStep(Rung.CROWN, live, options, clock);
  }

  /** Alpha-CROWN. */
  static RootStep alphaCrown(LiveNetwork live, CrownOptions options, Clock clock) {
    return new RootStep(Rung.ALPHA_CROWN, live, options, clock);
  }

  @Override
  public Rung rung() {
    return rung;
  }

  @Override
  public void answer(OpenQuery open) {
    Clock.Deadline deadline = clock.deadline(open);
    int[] others = open.unproved(live.network().classes());
    double[] lowest = new double[others.length];
    Arrays.fill(lowest, Double.POSITIVE_INFINITY);
    List<BoundedRoot> roots = new ArrayList<>();
    for (long number = 0; number < open.query().set().cells(); number++) {
      BoundedRoot root = margins(open, others, number, deadline);
      Arrays.setAll(lowest, i -> Math.min(lowest[i], root.margins()[i]));
      roots.add(root);
    }
    double[] margins = open.bounds(live.network().classes());
    for (int i = 0; i < others.length; i++) {
      margins[others[i]] = Math.max(margins[others[i]], lowest[i]);
    }
    MarginBounds fresh = MarginBounds.of(open.query().label(), margins);
    if (fresh.finite() || !deadline.expired()) {
      BoundStep.judge(rung, open, fresh, other -> Optional.of(proof(fresh, other, others, roots)));
    }
  }

  /**
   * The margins' bounds over one cell.
   *
   * @param tree what proves the margin at a place, where that is kept
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  private record BoundedRoot(double[] margins, IntFunction<MarginProof.Tree> tree) {}

  private MarginProof proof(MarginBounds bounds, int other, int[] others, List<BoundedRoot> roots) {
    if (rung == Rung.CROWN) {
      return new MarginProof.ByBounds(rung, bounds.against(other));
    }
    int place = Arrays.binarySearch(others, other);
    return new MarginProof.BySplits(
        rung, roots.stream().map(root -> root.tree().apply(place)).toList());
  }

  private BoundedRoot margins(OpenQuery open, int[] others, long number, Clock.Deadline deadline) {
    Cell cell = open.query().set().cell(number);
    int classes = live.network().classes();
    OutputRows rows =
        OutputRows.of(
            open.constraints(others, classes).stream().map(one -> one.row(classes)).toList());
    int[] all = IntStream.range(0, others.length).toArray();
    CrownOptions inTime = options.withTime(deadline::expired);
    try (Root root = open.root(live, cell, inTime)) {
      if (rung == Rung.CROWN) {
        return new BoundedRoot(root.bounded(rows, deadline::expired, all), RootStep::noTree);
      }
      List<SplitBounds.Bounded> found = root.raised(rows, deadline::expired, all);
      double[] margins = found.stream().mapToDouble(SplitBounds.Bounded::lower).toArray();
      if (!open.keepsProofs()) {
        return new BoundedRoot(margins, RootStep::noTree);
      }
      PreActivations.Saved inside = root.known().saved();
      return new BoundedRoot(
          margins,
          place -> new MarginProof.Tree(cell, inside, List.of(found.get(place).proof().get())));
    }
  }

  private static MarginProof.Tree noTree(int place) {
    throw new IllegalStateException("nothing was kept of margin " + place);
  }
}
