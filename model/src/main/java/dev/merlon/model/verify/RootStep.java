package dev.merlon.model.verify;

import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.branch.Root;
import java.util.Arrays;

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
    for (long number = 0; number < open.query().set().cells(); number++) {
      double[] found = margins(open, others, number, deadline);
      Arrays.setAll(lowest, i -> Math.min(lowest[i], found[i]));
    }
    double[] margins = open.bounds(live.network().classes());
    for (int i = 0; i < others.length; i++) {
      margins[others[i]] = Math.max(margins[others[i]], lowest[i]);
    }
    MarginBounds fresh = MarginBounds.of(open.query().label(), margins);
    if (fresh.finite() || !deadline.expired()) {
      BoundStep.judge(rung, open, fresh);
    }
  }

  private double[] margins(OpenQuery open, int[] others, long cell, Clock.Deadline deadline) {
    OutputRows rows = OutputRows.margins(open.query().label());
    CrownOptions inTime = options.withTime(deadline::expired);
    try (Root root = open.root(live, open.query().set().cell(cell), inTime)) {
      return rung == Rung.CROWN
          ? root.bounded(rows, deadline::expired, others)
          : root.raised(rows, deadline::expired, others);
    }
  }
}
