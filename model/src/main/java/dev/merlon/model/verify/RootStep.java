package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Ends queries that are proved over CROWN's bounds inside the network: each margin that no earlier
 * rung proved is bounded with the slopes of least area (CROWN), or with slopes optimised for it
 * (alpha-CROWN), in float64. Leaves the bounds inside the network to later rungs.
 */
final class RootStep implements SingleStep {
  private final Rung rung;
  private final SlopeSettings optimisation;
  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;

  private RootStep(
      Rung rung, SlopeSettings optimisation, LiveNetwork live, CrownOptions options, Clock clock) {
    this.rung = rung;
    this.optimisation = optimisation;
    this.live = live;
    this.options = options;
    this.clock = clock;
  }

  /** CROWN. */
  static RootStep crown(LiveNetwork live, CrownOptions options, Clock clock) {
    return new RootStep(Rung.CROWN, SlopeSettings.whole(1), live, options, clock);
  }

  /** Alpha-CROWN. */
  static RootStep alphaCrown(LiveNetwork live, CrownOptions options, Clock clock) {
    SlopeSettings optimisation = SlopeSettings.whole(50).withPatience(10);
    return new RootStep(Rung.ALPHA_CROWN, optimisation, live, options, clock);
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
      List<SplitBounds.Bounded> found = margins(open, others, number, deadline);
      Arrays.setAll(lowest, i -> Math.min(lowest[i], found.get(i).lower()));
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

  private List<SplitBounds.Bounded> margins(
      OpenQuery open, int[] others, long cell, Clock.Deadline deadline) {
    CrownOptions inTime = options.withTime(deadline::expired);
    try (Root root = Root.of(live, open, open.query().set().cell(cell), inTime);
        SplitBounds bounds = root.bounds(options.coefficients())) {
      return margins(root.scope(), bounds, open, others, deadline);
    }
  }

  private List<SplitBounds.Bounded> margins(
      Scope scope, SplitBounds bounds, OpenQuery open, int[] others, Clock.Deadline deadline) {
    try (Scope work = scope.child("margin rows")) {
      NDArray rows = bounds.marginRows(open.query().label(), others, work);
      List<Subproblem> whole = Collections.nCopies(others.length, bounds.whole());
      return bounds.maximise(bounds.output(), rows, whole, optimisation, deadline::expired);
    }
  }
}
