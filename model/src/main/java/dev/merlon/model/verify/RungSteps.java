package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;

/** The rungs of an effort, made for one model, with batches that fit the memory they may use. */
final class RungSteps {
  // Tensors alive at once for each value of the network, counted on the safe side.
  private static final int BOX_COPIES = 8;
  private static final int BACKWARD_COPIES = 6;
  // Backward bounds are quickest on coefficient tensors that about fit a processor's cache.
  private static final long QUICK_COEFFICIENTS = 1 << 20;

  private final LiveNetwork live;
  private final Predictor predictor;
  private final PgdSearch attack;
  private final Confirmation confirmation;
  private final Limits limits;
  private final Effort effort;
  private final Clock clock;

  RungSteps(OpenModel model, Limits limits, Effort effort, Clock clock) {
    this.live = model.wide();
    this.predictor = model.predictor();
    this.attack = new PgdSearch(model, effort.attack(), effort.seed());
    this.confirmation = new Confirmation(predictor);
    this.limits = limits;
    this.effort = effort;
    this.clock = clock;
  }

  /** What the cheapest bounds of one query take, in bytes. */
  static long bytesOfOne(Network network) {
    return Double.BYTES * BOX_COPIES * network.values();
  }

  List<RungStep> due() {
    return effort.due().stream().map(this::step).toList();
  }

  private RungStep step(Rung rung) {
    int boxes = limits.queries(bytesOfOne(live.network()));
    int backward = (int) Math.max(1, coefficients() / (widestValue() * classes()));
    CrownOptions crownOptions = CrownOptions.sparse().withCoefficients(coefficients());
    return switch (rung) {
      case PREDICT -> new PredictStep(predictor, boxes);
      case IBP -> new BoundStep(rung, live, boxes, this::ibp);
      case CROWN_IBP -> new BoundStep(rung, live, Math.min(boxes, backward), this::crownIbp);
      case PGD -> new AttackStep(attack, confirmation, boxes, effort.crossCheck());
      case CROWN ->
          goesOn()
              ? RootStep.crown(live, crownOptions, clock)
              // It takes long for each query, and time limits are looked at between batches only.
              : new BoundStep(rung, live, 1, this::crown);
      case ALPHA_CROWN -> RootStep.alphaCrown(live, crownOptions, clock);
      case TARGETED_PGD -> new TargetedAttackStep(attack, confirmation, clock, boxes, classes());
      case BAB ->
          new BranchStep(live, crownOptions, clock, attack, confirmation, limits.memoryBytes());
    };
  }

  private NDArray ibp(LiveNetwork live, InputSet input, Guarantee guarantee, NDArray labels) {
    return BoxPropagation.over(live, input, guarantee.rounding()).marginLowerBounds(labels);
  }

  private NDArray crownIbp(LiveNetwork live, InputSet input, Guarantee guarantee, NDArray labels) {
    BoxTrace trace = BoxPropagation.over(live, input, guarantee.rounding());
    return Crown.crownIbp(trace, input, labels, CrownOptions.everyLayerConcretised());
  }

  private NDArray crown(LiveNetwork live, InputSet input, Guarantee guarantee, NDArray labels) {
    CrownOptions options =
        CrownOptions.sparse().withCoefficients(coefficients()).withRounding(guarantee.rounding());
    return Crown.crown(live, input, labels, options);
  }

  // One query at a time then, since what CROWN finds inside the network is of use later.
  private boolean goesOn() {
    return effort.tries(Rung.ALPHA_CROWN) || effort.tries(Rung.BAB);
  }

  private long coefficients() {
    long allowed = limits.memoryBytes() / (Double.BYTES * BACKWARD_COPIES);
    return Math.max(1, Math.min(QUICK_COEFFICIENTS, allowed));
  }

  private long widestValue() {
    return live.network().nodes().stream()
        .map(Node::shape)
        .mapToLong(s -> s.size())
        .max()
        .orElse(1);
  }

  private int classes() {
    return live.network().classes();
  }
}
