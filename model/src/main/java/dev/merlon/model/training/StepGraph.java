package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.BoxTrace;
import dev.merlon.model.bound.Margins;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.WarmUpRegulariser;
import dev.merlon.model.tensor.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The graph of one micro-batch of a step: the clean pass, whose batch statistics every other pass
 * uses, the plan's robust terms and the regulariser. Built while recording; lives in the batch's
 * scope.
 */
final class StepGraph {
  private final AttackedBatch batch;
  private final Plan plan;
  private final LiveNetwork trained;
  private final CleanForward clean;
  private final NDArray oneHot;
  private final NDArray loss;
  private final StepLosses losses;

  private record Robust(NDArray perSample, NDArray certified, Optional<BoxTrace> trace) {}

  StepGraph(
      LiveNetwork trained,
      BatchNormFolding folding,
      AttackedBatch batch,
      WarmUpRegulariser regulariser,
      PerturbationSet smallest) {
    this.batch = batch;
    this.plan = batch.plan();
    this.trained = trained;
    this.clean = Concrete.clean(trained, batch.x());
    this.oneHot =
        Margins.oneHot(batch.labels(), trained.network().classes(), batch.x().getDataType());
    LiveNetwork live = folding.apply(trained.withStatistics(clean.statistics()));
    NDArray natural = Margins.logitCrossEntropy(clean.logits(), oneHot).mean();
    NDArray correct = clean.logits().stopGradient().argMax(1).eq(batch.labels());
    List<Robust> terms = new ArrayList<>();
    plan.terms().forEach(term -> terms.add(term(live, term)));
    NDArray robust = terms.isEmpty() ? natural : combine(terms);
    NDArray penalty =
        plan.regulariserWeight() > 0
            ? Scalars.times(
                regulariser.loss(regularisedTrace(live, terms, smallest)), plan.regulariserWeight())
            : natural.zerosLike();
    this.loss = mix(natural, robust).add(penalty);
    this.losses =
        new StepLosses(
            value(loss),
            value(natural),
            value(robust),
            value(penalty),
            batch.size(),
            BatchEvaluation.count(correct),
            BatchEvaluation.count(terms.isEmpty() ? correct : terms.get(0).certified()));
  }

  NDArray loss() {
    return loss;
  }

  StepLosses losses() {
    return losses;
  }

  LiveNetwork trained() {
    return trained;
  }

  CleanForward clean() {
    return clean;
  }

  // A weight of exactly 0 or 1 leaves the other loss out of the graph, which saves its backward
  // pass.
  private NDArray mix(NDArray natural, NDArray robust) {
    double weight = plan.robustWeight();
    if (plan.terms().isEmpty() || weight == 0) {
      return natural;
    }
    return weight == 1
        ? robust
        : Scalars.times(natural, 1 - weight).add(Scalars.times(robust, weight));
  }

  private NDArray combine(List<Robust> terms) {
    return switch (plan.combination()) {
      case MEAN -> terms.get(0).perSample().mean();
    };
  }

  private Robust term(LiveNetwork live, RobustTerm term) {
    if (term instanceof RobustTerm.AtPoint point) {
      NDArray logits = Concrete.logits(live, batch.points().get(point.attack()));
      return new Robust(
          Margins.logitCrossEntropy(logits, oneHot),
          logits.stopGradient().argMax(1).eq(batch.labels()),
          Optional.empty());
    }
    RobustTerm.OverRegion over = (RobustTerm.OverRegion) term;
    BoxTrace trace = over.region().trace(live, batch.x(), batch.points());
    NDArray margins = trace.marginLowerBounds(batch.labels());
    NDArray certified = Margins.smallest(margins.stopGradient(), oneHot).gt(0);
    return new Robust(Margins.crossEntropy(margins, oneHot), certified, Optional.of(trace));
  }

  // The regulariser looks at the bounds of the loss itself (for SABR those of the small box),
  // unless they are those of a point.
  private BoxTrace regularisedTrace(
      LiveNetwork live, List<Robust> terms, PerturbationSet smallest) {
    boolean isPoint =
        plan.terms().stream()
            .anyMatch(
                term ->
                    term instanceof RobustTerm.OverRegion over
                        && over.region().eps() < smallest.eps());
    return isPoint
        ? BoxPropagation.over(live, batch.x(), smallest)
        : terms.get(0).trace().orElseThrow();
  }

  private static double value(NDArray scalar) {
    return scalar.toType(DataType.FLOAT64, false).getDouble();
  }
}
