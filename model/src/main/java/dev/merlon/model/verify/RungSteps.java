package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.BoxTrace;
import dev.merlon.model.bound.Crown;
import dev.merlon.model.bound.CrownOptions;
import dev.merlon.model.bound.InputSet;
import dev.merlon.model.bound.Rounding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.PerturbationSet;
import java.util.List;

/** The rungs of the settings, made for one model, with batches that fit the memory they may use. */
final class RungSteps {
  // Tensors alive at once for each value of the network, counted on the safe side.
  private static final int BOX_COPIES = 8;
  private static final int BACKWARD_COPIES = 6;
  // Backward bounds are quickest on coefficient tensors that about fit a processor's cache.
  private static final long QUICK_COEFFICIENTS = 1 << 20;
  // CROWN takes long for each query, and time limits are looked at between batches only.
  private static final int CROWN_BATCH = 4;

  private final LiveNetwork live;
  private final Predictor predictor;
  private final PgdSearch attack;
  private final Confirmation confirmation;
  private final VerifierSettings settings;
  private final Clock clock;

  RungSteps(
      LiveNetwork live,
      Predictor predictor,
      PgdSearch attack,
      VerifierSettings settings,
      Clock clock) {
    this.live = live;
    this.predictor = predictor;
    this.attack = attack;
    this.confirmation = new Confirmation(predictor);
    this.settings = settings;
    this.clock = clock;
  }

  /** What the cheapest bounds of one query take, in bytes. */
  static long bytesOfOne(Network network) {
    return Double.BYTES * BOX_COPIES * network.values();
  }

  List<RungStep> all() {
    return settings.rungs().stream().map(this::step).toList();
  }

  private RungStep step(Rung rung) {
    int boxes = settings.limits().queries(bytesOfOne(live.network()));
    int backward = (int) Math.max(1, coefficients() / (widestValue() * classes()));
    return switch (rung) {
      case PREDICT -> new PredictStep(predictor, boxes);
      case IBP -> new BoundStep(rung, live, boxes, this::ibp);
      case CROWN_IBP -> new BoundStep(rung, live, Math.min(boxes, backward), this::crownIbp);
      case PGD -> new AttackStep(attack, confirmation, boxes, settings.crossCheck());
      case CROWN ->
          goesOn()
              ? RootStep.crown(live, crownOptions(), clock)
              : new BoundStep(rung, live, Math.min(boxes, CROWN_BATCH), this::crown);
      case ALPHA_CROWN -> RootStep.alphaCrown(live, crownOptions(), clock);
      case TARGETED_PGD -> new TargetedAttackStep(attack, confirmation, clock, boxes, classes());
      case BAB ->
          new BranchStep(
              live, crownOptions(), clock, attack, confirmation, settings.limits().memoryBytes());
    };
  }

  private NDArray ibp(LiveNetwork live, NDArray x, PerturbationSet set, NDArray labels) {
    return boxes(live, x, set).marginLowerBounds(labels);
  }

  private NDArray crownIbp(LiveNetwork live, NDArray x, PerturbationSet set, NDArray labels) {
    BoxTrace trace = boxes(live, x, set);
    return Crown.crownIbp(trace, x, set, labels, CrownOptions.everyLayerConcretised());
  }

  private NDArray crown(LiveNetwork live, NDArray x, PerturbationSet set, NDArray labels) {
    return Crown.crown(live, x, set, labels, crownOptions());
  }

  // One query at a time then, since what CROWN finds inside the network is of use later.
  private boolean goesOn() {
    return settings.rungs().contains(Rung.ALPHA_CROWN) || settings.rungs().contains(Rung.BAB);
  }

  private CrownOptions crownOptions() {
    return CrownOptions.sparse().withCoefficients(coefficients()).withRounding(rounding());
  }

  private BoxTrace boxes(LiveNetwork live, NDArray x, PerturbationSet set) {
    return BoxPropagation.over(live, InputSet.around(x, set), rounding());
  }

  private Rounding rounding() {
    return settings.guarantee().rounding();
  }

  private long coefficients() {
    long allowed = settings.limits().memoryBytes() / (Double.BYTES * BACKWARD_COPIES);
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
