package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.config.objective.Concretisation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.linear.LossFusion;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.objective.BatchPart;
import dev.merlon.model.objective.LatentMargins;
import dev.merlon.model.objective.Region;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.RobustTermVisitor;
import dev.merlon.model.tensor.Scalars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates the robust terms of a plan on one micro-batch, while recording. Terms over the same
 * region share its interval bounds.
 */
final class StepTerms implements RobustTermVisitor<TermValue> {
  private final LiveNetwork live;
  private final AttackedBatch batch;
  private final NDArray oneHot;
  private final Map<Region, BoxTrace> traces = new HashMap<>();
  private final Map<Region, List<BoxTrace>> divided = new HashMap<>();

  /**
   * The terms of a batch.
   *
   * @param live the trained network with the statistics of the step
   * @param oneHot indicator of the labels, {@code [N, K]}
   */
  StepTerms(LiveNetwork live, AttackedBatch batch, NDArray oneHot) {
    this.live = live;
    this.batch = batch;
    this.oneHot = oneHot;
  }

  /** Interval bounds over a region, computed once. */
  BoxTrace trace(Region region) {
    BoxTrace known = traces.get(region);
    if (known == null) {
      known =
          divided.containsKey(region)
              ? BoxTrace.joined(divided.get(region))
              : region.trace(live, batch.x(), batch.points());
      traces.put(region, known);
    }
    return known;
  }

  @Override
  public TermValue atPoint(RobustTerm.AtPoint term) {
    NDArray logits = Concrete.logits(live, batch.points().get(term.attack()));
    return new TermValue(
        Margins.logitCrossEntropy(logits, oneHot),
        Margins.of(logits, oneHot),
        logits.stopGradient().argMax(1).eq(batch.labels()));
  }

  @Override
  public TermValue overRegion(RobustTerm.OverRegion term) {
    return TermValue.ofMargins(trace(term.region()).marginLowerBounds(batch.labels()), oneHot);
  }

  @Override
  public TermValue regionOfShare(RobustTerm.RegionOfShare term) {
    List<TermValue> values = new ArrayList<>();
    List<BoxTrace> boxes = new ArrayList<>();
    for (int number = 0; number < term.parts().size(); number++) {
      BatchPart share = new BatchPart(number, term.parts().size());
      int from = share.from(batch.place());
      int to = share.to(batch.place());
      if (to > from) {
        RobustTerm part = term.parts().get(number);
        StepTerms own = rows(from, to);
        values.add(part.accept(own));
        boxes.add(own.trace(part.regions().get(0)));
      }
    }
    divided.put(term.region(), boxes);
    return TermValue.joined(values).weighted(weights(term.parts().size()));
  }

  private StepTerms rows(int from, int to) {
    return new StepTerms(
        live, batch.rows(from, to), oneHot.get(new NDIndex("{}:{}", (long) from, (long) to)));
  }

  // Parts of a batch differ by one image where it is no multiple of their number.
  private NDArray weights(int parts) {
    double[] weights = new double[batch.size()];
    for (int number = 0; number < parts; number++) {
      BatchPart share = new BatchPart(number, parts);
      int from = share.from(batch.place());
      int to = share.to(batch.place());
      if (to > from) {
        Arrays.fill(weights, from, to, share.weight(batch.place().total()));
      }
    }
    return batch.scope().tensor(weights, batch.x().getDataType(), weights.length);
  }

  @Override
  public TermValue backwardOverIntervals(RobustTerm.BackwardOverIntervals term) {
    BoxTrace trace = trace(term.region());
    NDArray backward =
        Crown.crownIbp(trace, input(term.region()), batch.labels(), options(term.concretise()));
    return TermValue.ofMargins(
        term.share() == 1
            ? backward
            : Scalars.times(backward, term.share())
                .add(Scalars.times(trace.marginLowerBounds(batch.labels()), 1 - term.share())),
        oneHot);
  }

  @Override
  public TermValue fusedLoss(RobustTerm.FusedLoss term) {
    BoxTrace trace = trace(term.region());
    NDArray loss =
        LossFusion.crossEntropy(
            trace, input(term.region()), batch.labels(), term.share(), options(term.concretise()));
    TermValue interval = TermValue.ofMargins(trace.marginLowerBounds(batch.labels()), oneHot);
    return new TermValue(loss, interval.margins(), interval.certified());
  }

  @Override
  public TermValue backwardAllTheWay(RobustTerm.BackwardAllTheWay term) {
    InputSet input = input(term.region());
    return TermValue.ofMargins(
        Crown.crown(live, input, batch.labels(), CrownOptions.sparse()), oneHot);
  }

  @Override
  public TermValue latentSearch(RobustTerm.LatentSearch term) {
    return TermValue.ofMargins(
        new LatentMargins(live, term.taps())
            .searched(trace(term.region()), batch.labels(), batch.latentStarts()),
        oneHot);
  }

  @Override
  public TermValue mixedMargins(RobustTerm.MixedMargins term) {
    TermValue first = term.first().accept(this);
    TermValue second = term.second().accept(this);
    NDArray margins =
        Scalars.times(first.margins(), 1 - term.share())
            .add(Scalars.times(second.margins(), term.share()));
    return new TermValue(
        Margins.crossEntropy(margins, oneHot),
        margins,
        first.certified().logicalAnd(second.certified()));
  }

  private InputSet input(Region region) {
    return region.input(batch.x(), batch.points());
  }

  private static CrownOptions options(Concretisation concretise) {
    return switch (concretise) {
      case INPUT -> CrownOptions.full();
      case EVERY_LAYER -> CrownOptions.everyLayerConcretised();
    };
  }
}
