package dev.merlon.model.verify;

import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.BranchSettings;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.exact.LeafProgram;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decides queries by branch and bound, in float64: bounds inside the network improved with slopes
 * of their own, then subproblems halved until each is proved, a counterexample is found or time is
 * up.
 */
final class BranchStep implements SingleStep {
  // Of a query's time, for bounds inside the network.
  private static final double INSIDE_SHARE = 0.3;
  private static final SlopeSettings INSIDE = SlopeSettings.whole(20).withPatience(5);

  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;
  private final PgdSearch search;
  private final Confirmation confirmation;
  private final long queueBytes;

  /**
   * The rung of one model.
   *
   * @param queueBytes what the domains that are not proved yet may take
   */
  BranchStep(
      LiveNetwork live,
      CrownOptions options,
      Clock clock,
      PgdSearch search,
      Confirmation confirmation,
      long queueBytes) {
    this.live = live;
    this.options = options;
    this.clock = clock;
    this.search = search;
    this.confirmation = confirmation;
    this.queueBytes = queueBytes;
  }

  @Override
  public Rung rung() {
    return Rung.BAB;
  }

  @Override
  public void answer(OpenQuery open) {
    if (CellBranching.concerns(open.query().set())) {
      new CellBranching(live, options, clock).answer(open);
    } else {
      branch(open);
    }
  }

  private void branch(OpenQuery open) {
    Clock.Deadline deadline = clock.deadline(open);
    CounterexampleProbe probe =
        new CounterexampleProbe(open.query(), search, confirmation, clock.nanoTime());
    BooleanSupplier over = () -> deadline.expired() || clock.stop().getAsBoolean();
    try (Root root = Root.of(live, open, open.query().set().cell(0), options.withTime(over))) {
      PreActivations.Improvement inside =
          new PreActivations.Improvement(
              INSIDE,
              options.coefficients(),
              () -> deadline.share() > INSIDE_SHARE || clock.stop().getAsBoolean());
      PreActivations better =
          root.known().improved(root.live(), root.input(), inside, root.scope());
      try (SplitBounds bounds =
          SplitBounds.over(root.live(), root.input(), better, options.coefficients())) {
        BranchAndBound.Result result =
            BranchAndBound.of(
                    bounds,
                    OutputRows.margins(open.query().label()),
                    BranchSettings.published(queueBytes, bounds.unstable()),
                    probe,
                    leaves(root, open.query(), better, bounds, deadline),
                    over,
                    root.scope())
                .run(open.unproved(live.network().classes()));
        conclude(open, result, probe.found());
      }
    }
  }

  private static LeafSolver leaves(
      Root root, Query query, PreActivations known, SplitBounds bounds, Clock.Deadline deadline) {
    double[] x = new double[query.x().length];
    Arrays.setAll(x, i -> query.x()[i]);
    var property = new LeafProgram.Property(x, query.set(), query.label(), deadline::left);
    return LeafProgram.of(root.live(), property, known, bounds, root.scope());
  }

  private void conclude(
      OpenQuery open, BranchAndBound.Result result, Optional<Counterexample> found) {
    if (found.isPresent()) {
      open.end(new Outcome.Falsified(Rung.BAB, found.get()));
      return;
    }
    double[] margins = open.bounds(live.network().classes());
    result.lower().forEach((other, lower) -> margins[other] = Math.max(margins[other], lower));
    MarginBounds fresh = MarginBounds.of(open.query().label(), margins);
    boolean expired = result.end() == BranchAndBound.End.EXPIRED;
    // Where time was up at once, no bound is no numeric failure.
    if (fresh.finite() || !expired) {
      BoundStep.judge(Rung.BAB, open, fresh);
    }
    if (open.open() && expired && clock.stop().getAsBoolean()) {
      open.interrupt();
    } else if (open.open()) {
      String why = reason(open, result);
      open.end(
          expired
              ? new Outcome.Timeout(Rung.BAB, Optional.of(why))
              : new Outcome.Unknown(Rung.BAB, why));
    }
  }

  private String reason(OpenQuery open, BranchAndBound.Result result) {
    String why =
        switch (result.end()) {
          case EXPIRED -> "time is up";
          case FULL -> "more open parts than memory is allowed for";
          case STUCK -> "a part has nothing left to split" + unsplittable();
          case PROVED, REFUTED -> "its bounds and its end disagree";
        };
    return String.format(
        Locale.ROOT,
        "%s; %s; open parts %d, splits %d",
        why,
        open.progress(),
        result.open(),
        result.halvings());
  }

  private String unsplittable() {
    boolean only =
        live.network().nonlinear().stream()
            .allMatch(node -> node.operation() instanceof Activation act && act.isRectifier());
    return only ? "" : " (only rectifiers can be split)";
  }
}
