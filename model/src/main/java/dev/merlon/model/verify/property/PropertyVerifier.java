package dev.merlon.model.verify.property;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.bound.linear.OutOfTime;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Predictor;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Answers properties about one model file. Region by region, from cheap to expensive, as far as an
 * effort's rungs go: bounds of the whole box, a search for a counterexample, tighter bounds; then
 * until time is up, where few inputs are free, bounds over ever smaller boxes, otherwise branch and
 * bound over neurons. Bounds hold for the real function of the file's weights. Not thread-safe.
 */
public final class PropertyVerifier {
  private static final int MOST_SPLIT_INPUTS = 20;
  private static final int PARTS_AT_ONCE = 64;
  private static final String TIME = "time was up";

  private final LiveNetwork live;
  private final Predictor predictor;
  private final PartBounds bounds;
  private final long queueBytes;

  /**
   * A verifier of an open model, which stays its owner's.
   *
   * @param live computes the logits, in float64
   * @param predictor the file
   * @param queueBytes what subproblems of branch and bound that are not proved yet may take
   */
  public PropertyVerifier(LiveNetwork live, Predictor predictor, long queueBytes) {
    this.live = live;
    this.predictor = predictor;
    this.bounds = new PartBounds(live, predictor.ending());
    this.queueBytes = queueBytes;
  }

  /**
   * Answers a property. Inputs and outputs are numbered as the model's tensors, row-major.
   *
   * @param effort whose rungs are tried, and whose seed keys the start points of searches
   * @param expired whether time is up
   * @throws MerlonException (data) when the property is about tensors of another size
   */
  public PropertyAnswer verify(VnnLibProperty property, Effort effort, BooleanSupplier expired) {
    requireFit(property);
    WitnessSearch search = new WitnessSearch(live, predictor, property, effort.seed());
    List<String> open = new ArrayList<>();
    for (Region<InputBox> region : property.specification().regions()) {
      PropertyAnswer answer = answer(new Attempt(search, region, effort, expired));
      switch (answer.word()) {
        case SAT -> {
          return answer;
        }
        case UNSAT -> {}
        case TIMEOUT -> {
          return answer;
        }
        case UNKNOWN -> open.add(answer.reason());
      }
    }
    return open.isEmpty()
        ? PropertyAnswer.unsat("every region is excluded")
        : PropertyAnswer.unknown(open.get(0));
  }

  private static PropertyAnswer answer(Attempt attempt) {
    try {
      return attempt.answer();
    } catch (OutOfTime late) {
      return PropertyAnswer.timeout(TIME);
    }
  }

  private void requireFit(VnnLibProperty property) {
    requireSize(property, "inputs X", property.inputs().size(), live.network().inputShape().size());
    requireSize(property, "outputs Y", property.outputs().size(), live.network().classes());
  }

  private static void requireSize(VnnLibProperty property, String what, int declared, long taken) {
    if (declared != taken) {
      throw new MerlonException(
          new Failure.Data(
              String.format(
                  Locale.ROOT,
                  "%s declares %d %s, but the model has %d",
                  property.name(),
                  declared,
                  what,
                  taken),
              "Name the model that the property is about."));
    }
  }

  /** One region on its way through the methods. */
  private final class Attempt {
    private final WitnessSearch search;
    private final Region<InputBox> region;
    private final Effort effort;
    private final BooleanSupplier expired;
    private List<OpenPart> open;

    Attempt(WitnessSearch search, Region<InputBox> region, Effort effort, BooleanSupplier expired) {
      this.search = search;
      this.region = region;
      this.effort = effort;
      this.expired = expired;
      this.open = List.of(OpenPart.of(region));
    }

    PropertyAnswer answer() {
      if (excluded(Rung.CROWN_IBP)) {
        return PropertyAnswer.unsat("bounds");
      }
      Optional<Witness> found =
          effort.tries(Rung.PGD)
              ? search.search(region, open.get(0).cases(), expired)
              : Optional.empty();
      if (found.isPresent()) {
        return PropertyAnswer.sat(found.get(), "search");
      }
      if (excluded(Rung.CROWN)) {
        return PropertyAnswer.unsat("bounds");
      }
      if (expired.getAsBoolean()) {
        return PropertyAnswer.timeout(TIME);
      }
      boolean few = open.get(0).freeInputs() <= MOST_SPLIT_INPUTS;
      return few && effort.tries(Rung.BAB) ? split() : ascend();
    }

    private boolean excluded(Rung rung) {
      if (effort.tries(rung)) {
        open = bounds.exclude(open, rung, expired);
      }
      return open.isEmpty();
    }

    private PropertyAnswer ascend() {
      if (excluded(Rung.ALPHA_CROWN)) {
        return PropertyAnswer.unsat("bounds");
      }
      return effort.tries(Rung.BAB)
          ? branch()
          : PropertyAnswer.unknown("no rung proved or refuted it");
    }

    private PropertyAnswer branch() {
      List<Witness> found = new ArrayList<>();
      BranchAndBound.Probe probe =
          points -> {
            search.confirm(region, points).ifPresent(found::add);
            return !found.isEmpty();
          };
      RowBranching branching =
          new RowBranching(
              bounds, predictor.ending(), live.network().classes(), queueBytes, probe, expired);
      boolean proved = branching.exclude(open.get(0)).isEmpty();
      if (!found.isEmpty()) {
        return PropertyAnswer.sat(found.get(0), "branch and bound");
      }
      if (proved) {
        return PropertyAnswer.unsat("branch and bound");
      }
      return expired.getAsBoolean()
          ? PropertyAnswer.timeout(TIME + "; " + branching.progress())
          : PropertyAnswer.unknown(
              "no bound excludes it and no search refutes it; " + branching.progress());
    }

    private PropertyAnswer split() {
      OpenPart whole = OpenPart.of(region);
      Deque<OpenPart> waiting = new ArrayDeque<>(open);
      while (!waiting.isEmpty()) {
        if (expired.getAsBoolean()) {
          return PropertyAnswer.timeout(TIME + "; open parts " + waiting.size());
        }
        List<OpenPart> halves = new ArrayList<>();
        while (!waiting.isEmpty() && halves.size() < PARTS_AT_ONCE) {
          List<OpenPart> two = waiting.pop().halves(whole);
          if (two.isEmpty()) {
            return PropertyAnswer.unknown(
                "a box of inputs became too small to be split; open parts " + waiting.size());
          }
          halves.addAll(two);
        }
        List<OpenPart> remaining = bounds.exclude(halves, Rung.CROWN, expired);
        Optional<Witness> found =
            search.confirm(region, remaining.stream().map(OpenPart::center).toList());
        if (found.isPresent()) {
          return PropertyAnswer.sat(found.get(), "search");
        }
        remaining.forEach(waiting::push);
      }
      return PropertyAnswer.unsat("bounds over parts");
    }
  }
}
