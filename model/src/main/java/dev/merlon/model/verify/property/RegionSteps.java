package dev.merlon.model.verify.property;

import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.branch.BranchAndBound;
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
import java.util.stream.Stream;

/**
 * The rungs of an effort for the regions of a property: bounds of the whole box, a search for a
 * counterexample, tighter bounds; then, where few inputs are free, bounds over ever smaller boxes,
 * otherwise branch and bound over neurons.
 */
final class RegionSteps {
  private static final int MOST_SPLIT_INPUTS = 20;
  private static final int PARTS_AT_ONCE = 64;

  private final LiveNetwork live;
  private final Predictor predictor;
  private final PartBounds bounds;
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
    this.bounds = new PartBounds(live, predictor.ending());
    this.search = search;
    this.effort = effort;
    this.clock = clock;
    this.queueBytes = queueBytes;
  }

  /** A rung that works on one region at a time. */
  private record Step(Rung rung, Consumer<OpenRegion> work) implements LadderStep<OpenRegion> {
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
      batch.stream().filter(OpenRegion::open).forEach(work);
    }
  }

  /** Those that are due, from cheap to expensive. */
  List<LadderStep<OpenRegion>> due() {
    return effort.due().stream().flatMap(this::step).toList();
  }

  private Stream<LadderStep<OpenRegion>> step(Rung rung) {
    return switch (rung) {
      case CROWN_IBP, CROWN -> Stream.of(new Step(rung, region -> bound(region, rung)));
      case PGD -> Stream.of(new Step(rung, this::search));
      case ALPHA_CROWN -> Stream.of(new Step(rung, this::optimise));
      case BAB -> Stream.of(new Step(rung, this::branch));
      // There is no label to predict or to target, and CROWN-IBP is as quick.
      case PREDICT, IBP, TARGETED_PGD -> Stream.of();
    };
  }

  private void bound(OpenRegion region, Rung rung) {
    List<Conjunction> remaining =
        bounds.exclude(List.of(region.part()), rung, expired(region)).stream()
            .flatMap(part -> part.cases().stream())
            .toList();
    region.keep(remaining, rung, "bounds");
  }

  private void search(OpenRegion region) {
    search
        .search(region.region(), region.part().cases(), expired(region))
        .ifPresent(found -> region.refute(found, Rung.PGD, "search"));
  }

  // Boxes that are split soon need no better slopes.
  private void optimise(OpenRegion region) {
    if (!(few(region) && effort.tries(Rung.BAB))) {
      bound(region, Rung.ALPHA_CROWN);
    }
  }

  private static boolean few(OpenRegion region) {
    return region.part().freeInputs() <= MOST_SPLIT_INPUTS;
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
    List<Conjunction> remaining = branching.exclude(region.part());
    if (!found.isEmpty()) {
      region.refute(found.get(0), Rung.BAB, "branch and bound");
      return;
    }
    region.keep(remaining, Rung.BAB, "branch and bound");
    if (region.open()) {
      region.end(
          expired.getAsBoolean()
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
    OpenPart whole = OpenPart.of(region.region());
    Deque<OpenPart> waiting = new ArrayDeque<>(List.of(region.part()));
    while (!waiting.isEmpty()) {
      if (expired.getAsBoolean()) {
        region.end(late("open parts " + waiting.size()));
        return;
      }
      List<OpenPart> halves = new ArrayList<>();
      while (!waiting.isEmpty() && halves.size() < PARTS_AT_ONCE) {
        List<OpenPart> two = waiting.pop().halves(whole);
        if (two.isEmpty()) {
          String why = "a box of inputs became too small to be split; open parts ";
          region.end(new Outcome.Unknown(Rung.BAB, why + waiting.size()));
          return;
        }
        halves.addAll(two);
      }
      List<OpenPart> remaining = bounds.exclude(halves, Rung.CROWN, expired);
      Optional<Witness> found =
          search.confirm(region.region(), remaining.stream().map(OpenPart::center).toList());
      if (found.isPresent()) {
        region.refute(found.get(), Rung.BAB, "search");
        return;
      }
      remaining.forEach(waiting::push);
    }
    region.keep(List.of(), Rung.BAB, "bounds over parts");
  }
}
