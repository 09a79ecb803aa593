package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.AscentSettings;
import dev.merlon.model.bound.CrownOptions;
import dev.merlon.model.bound.SplitBounds;
import dev.merlon.model.bound.Subproblem;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.Scope;
import java.util.Collections;
import java.util.List;

/**
 * Ends queries that alpha-CROWN proves: CROWN's bounds inside the network, and slopes optimised for
 * each margin that no earlier rung proved, in float64.
 */
final class AlphaStep implements RungStep {
  private static final AscentSettings ASCENT = AscentSettings.whole(50).withPatience(10);

  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;

  AlphaStep(LiveNetwork live, CrownOptions options, Clock clock) {
    this.live = live;
    this.options = options;
    this.clock = clock;
  }

  @Override
  public Rung rung() {
    return Rung.ALPHA_CROWN;
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public void answer(List<OpenQuery> queries, PerturbationSet set) {
    queries.forEach(this::answer);
  }

  private void answer(OpenQuery open) {
    Clock.Deadline deadline = clock.deadline(open);
    int[] others = open.unproved(live.network().classes());
    try (Root root = Root.of(live, open.query(), options);
        SplitBounds bounds = root.bounds(options.coefficients())) {
      List<SplitBounds.Bounded> found = margins(root.scope(), bounds, open, others, deadline);
      double[] margins = open.bounds(live.network().classes());
      for (int i = 0; i < others.length; i++) {
        margins[others[i]] = found.get(i).lower();
      }
      BoundStep.judge(Rung.ALPHA_CROWN, open, MarginBounds.of(open.query().label(), margins));
    }
  }

  private static List<SplitBounds.Bounded> margins(
      Scope scope, SplitBounds bounds, OpenQuery open, int[] others, Clock.Deadline deadline) {
    try (Scope work = scope.child("margin rows")) {
      NDArray rows = bounds.marginRows(open.query().label(), others, work);
      List<Subproblem> whole = Collections.nCopies(others.length, bounds.whole());
      return bounds.maximise(bounds.output(), rows, whole, ASCENT, deadline::expired);
    }
  }
}
