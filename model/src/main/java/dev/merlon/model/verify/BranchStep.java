package dev.merlon.model.verify;

import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.verify.branch.BranchAndBound.End;
import dev.merlon.model.verify.branch.ConjunctionBranching;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.branch.Root;
import dev.merlon.model.verify.exact.LeafProgram;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decides queries by branch and bound, in float64: bounds inside the network improved with slopes
 * of their own, then subproblems split until each is proved, a counterexample is found or time is
 * up.
 */
final class BranchStep implements SingleStep {
  // Of a query's time, for bounds inside the network.
  private static final double INSIDE_SHARE = 0.3;

  private final LiveNetwork live;
  private final CrownOptions options;
  private final Clock clock;
  private final PgdSearch search;
  private final Confirmation confirmation;
  private final long queueBytes;

  /**
   * The rung of one model.
   *
   * @param queueBytes what the subproblems that are not proved yet may take
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
    int[] others = open.unproved(live.network().classes());
    List<LinearConstraint> margins = open.constraints(others, live.network().classes());
    try (Root root = open.root(live, open.query().set().cell(0), options.withTime(over))) {
      Searched searched =
          root.improved(
              () -> deadline.share() > INSIDE_SHARE || clock.stop().getAsBoolean(),
              improved -> {
                var search =
                    new ConjunctionBranching(improved, margin -> 0, queueBytes, probe, over);
                ConjunctionBranching.Result found =
                    (open.keepsProofs() ? search.keepingProofs() : search)
                        .exclude(
                            margins.stream().map(List::of).toList(),
                            wanted ->
                                leaves(improved, open.query(), deadline)
                                    .numbered(i -> other(wanted.get(i), margins, others)));
                return new Searched(found, margins, others, kept(open, improved));
              });
      ConjunctionBranching.Result result = searched.result();
      double[] lower = open.bounds(live.network().classes());
      for (int i = 0; i < others.length; i++) {
        double found = result.lower().getOrDefault(margins.get(i), Double.NEGATIVE_INFINITY);
        lower[others[i]] = Math.max(lower[others[i]], found);
      }
      conclude(open, searched, MarginBounds.of(open.query().label(), lower), probe.found());
    }
  }

  /**
   * What a search found.
   *
   * @param margins the constraints that it was to exclude, one for each of {@code others}
   * @param inside the bounds inside the network that it rests on, where proofs are kept
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  private record Searched(
      ConjunctionBranching.Result result,
      List<LinearConstraint> margins,
      int[] others,
      Optional<PreActivations.Saved> inside) {
    /** What proves the margin to a class. */
    Optional<MarginProof> proof(Query query, int other) {
      LinearConstraint margin = margins.get(Arrays.binarySearch(others, other));
      return inside.flatMap(
          known ->
              Optional.ofNullable(result.proofs().get(margin))
                  .map(leaves -> new MarginProof.Tree(query.set().cell(0), known, leaves))
                  .map(tree -> new MarginProof.BySplits(Rung.BAB, List.of(tree))));
    }
  }

  private static Optional<PreActivations.Saved> kept(OpenQuery open, Root.Improved improved) {
    return open.keepsProofs() ? Optional.of(improved.known().saved()) : Optional.empty();
  }

  private static int other(LinearConstraint margin, List<LinearConstraint> margins, int... others) {
    return others[margins.indexOf(margin)];
  }

  private static LeafSolver leaves(Root.Improved over, Query query, Clock.Deadline deadline) {
    double[] x = new double[query.x().length];
    Arrays.setAll(x, i -> query.x()[i]);
    var property = new LeafProgram.Property(x, query.set(), query.label(), deadline::left);
    Root root = over.root();
    return LeafProgram.of(root.live(), property, over.known(), over.bounds(), root.scope());
  }

  private void conclude(
      OpenQuery open, Searched searched, MarginBounds fresh, Optional<Counterexample> found) {
    ConjunctionBranching.Result result = searched.result();
    if (found.isPresent()) {
      open.end(new Outcome.Falsified(Rung.BAB, found.get()));
      return;
    }
    boolean expired =
        result.unproved().filter(one -> one.search().end() == End.EXPIRED).isPresent();
    // Where time was up at once, no bound is no numeric failure.
    if (fresh.finite() || !expired) {
      BoundStep.judge(Rung.BAB, open, fresh, other -> searched.proof(open.query(), other));
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

  private String reason(OpenQuery open, ConjunctionBranching.Result result) {
    End end = result.unproved().map(one -> one.search().end()).orElse(End.PROVED);
    String why =
        switch (end) {
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
        result.unproved().map(one -> one.search().open()).orElse(0),
        result.unproved().map(one -> one.search().splits()).orElse(0));
  }

  private String unsplittable() {
    boolean only =
        live.network().nonlinear().stream()
            .allMatch(node -> node.operation() instanceof Activation act && act.isRectifier());
    return only ? "" : " (only rectifiers can be split)";
  }
}
