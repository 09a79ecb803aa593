package dev.merlon.model.verify.property;

import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.LadderStep;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The rungs of an effort for the regions of a property: bounds of the whole box, a search for a
 * counterexample, tighter bounds; then, where few inputs are free, bounds over ever smaller boxes,
 * otherwise branch and bound over neurons.
 */
final class RegionSteps {
  private static final int MOST_SPLIT_INPUTS = 20;
  private static final int SUBPROBLEMS_AT_ONCE = 64;

  private final LiveNetwork live;
  private final Predictor predictor;
  private final ConjunctionBounds bounds;
  private final WitnessSearch search;
  private final Effort effort;
  private final Clock clock;
  private final long queueBytes;

  /**
   * @param live computes the logits, in float64
   * @param predictor the file
   * @param queueBytes what subproblems of branch and bound that are not proved yet may take
   */
  RegionSteps(
      LiveNetwork live,
      Predictor predictor,
      WitnessSearch search,
      Effort effort,
      Clock clock,
      long queueBytes) {
    this.live = live;
    this.predictor = predictor;
    this.bounds = new ConjunctionBounds(live, predictor.ending());
    this.search = search;
    this.effort = effort;
    this.clock = clock;
    this.queueBytes = queueBytes;
  }

  /** A rung that works on one region at a time. */
  private record Step(Rung rung, Consumer<OpenRegion> work, BooleanSupplier stop)
      implements LadderStep<OpenRegion> {
    @Override
    public int batch() {
      return 1;
    }

    @Override
    public Object question(OpenRegion region) {
      return region;
    }

    @Override
    public void answer(List<OpenRegion> batch) {
      batch.stream().filter(OpenRegion::open).forEach(this::answer);
    }

    // What a search or an optimisation that was cut short left undone is to be done again.
    private void answer(OpenRegion region) {
      work.accept(region);
      if (region.open() && stop.getAsBoolean()) {
        region.interrupt();
      }
    }
  }

  /** Those that are due, from cheap to expensive. */
  List<LadderStep<OpenRegion>> due() {
    return effort.due().stream().filter(RegionSteps::climbs).map(this::step).toList();
  }

  /**
   * Whether a rung says something about regions: there is no label to predict or to target, and
   * CROWN-IBP is as quick as IBP.
   */
  static boolean climbs(Rung rung) {
    return switch (rung) {
      case CROWN_IBP, PGD, CROWN, ALPHA_CROWN, BAB -> true;
      case PREDICT, IBP, TARGETED_PGD -> false;
    };
  }

  private LadderStep<OpenRegion> step(Rung rung) {
    Consumer<OpenRegion> work =
        switch (rung) {
          case PGD -> this::search;
          case ALPHA_CROWN -> this::optimise;
          case BAB -> this::branch;
          case CROWN_IBP, CROWN -> region -> bound(region, rung);
          case PREDICT, IBP, TARGETED_PGD ->
              throw new IllegalArgumentException("no region is put to " + rung);
        };
    return new Step(rung, work, clock.stop());
  }

  private void bound(OpenRegion region, Rung rung) {
    List<Conjunction> remaining =
        bounds.exclude(List.of(region.subproblem()), rung, expired(region)).stream()
            .flatMap(left -> left.cases().stream())
            .toList();
    region.keep(remaining, rung, "bounds");
  }

  private void search(OpenRegion region) {
    search
        .search(region.region(), region.subproblem().cases(), expired(region))
        .ifPresent(found -> region.refute(found, Rung.PGD, "search"));
  }

  // Boxes that are split soon need no better slopes.
  private void optimise(OpenRegion region) {
    if (!(few(region) && effort.tries(Rung.BAB))) {
      bound(region, Rung.ALPHA_CROWN);
    }
  }

  private static boolean few(OpenRegion region) {
    return region.subproblem().freeInputs() <= MOST_SPLIT_INPUTS;
  }

  private BooleanSupplier expired(OpenRegion region) {
    Clock.Deadline deadline = clock.deadline(region);
    return () -> deadline.expired() || clock.stop().getAsBoolean();
  }

  private void branch(OpenRegion region) {
    BooleanSupplier expired = expired(region);
    if (few(region)) {
      split(region, expired);
    } else {
      branch(region, expired);
    }
  }

  private void branch(OpenRegion region, BooleanSupplier expired) {
    List<Witness> found = new ArrayList<>();
    BranchAndBound.Probe probe =
        points -> {
          search.confirm(region.region(), points).ifPresent(found::add);
          return !found.isEmpty();
        };
    RowBranching branching =
        new RowBranching(
            bounds, predictor.ending(), live.network().classes(), queueBytes, probe, expired);
    List<Conjunction> remaining = branching.exclude(region.subproblem());
    if (!found.isEmpty()) {
      region.refute(found.get(0), Rung.BAB, "branch and bound");
      return;
    }
    region.keep(remaining, Rung.BAB, "branch and bound");
    boolean late = expired.getAsBoolean();
    if (region.open() && !clock.stop().getAsBoolean()) {
      region.end(
          late
              ? late(branching.progress())
              : new Outcome.Unknown(
                  Rung.BAB,
                  "no bound excludes it and no search refutes it; " + branching.progress()));
    }
  }

  private static Outcome late(String progress) {
    return new Outcome.Timeout(Rung.BAB, Optional.of("time is up; " + progress));
  }

  private void split(OpenRegion region, BooleanSupplier expired) {
    BoxSubproblem whole = OpenRegion.whole(region.region());
    Deque<BoxSubproblem> waiting = new ArrayDeque<>(region.left());
    while (!waiting.isEmpty()) {
      region.leave(waiting);
      boolean late = expired.getAsBoolean();
      if (clock.stop().getAsBoolean()) {
        return;
      }
      if (late) {
        region.end(late("open parts " + waiting.size()));
        return;
      }
      List<BoxSubproblem> next = new ArrayList<>();
      while (!waiting.isEmpty() && next.size() < SUBPROBLEMS_AT_ONCE) {
        List<BoxSubproblem> two = waiting.pop().split(whole);
        if (two.isEmpty()) {
          String why = "a box of inputs became too small to be split; open parts ";
          region.end(new Outcome.Unknown(Rung.BAB, why + waiting.size()));
          return;
        }
        next.addAll(two);
      }
      List<BoxSubproblem> remaining = bounds.exclude(next, Rung.CROWN, expired);
      Optional<Witness> found =
          search.confirm(region.region(), remaining.stream().map(BoxSubproblem::center).toList());
      if (found.isPresent()) {
        region.refute(found.get(), Rung.BAB, "search");
        return;
      }
      remaining.forEach(waiting::push);
    }
    region.keep(List.of(), Rung.BAB, "bounds over parts");
  }
}
