package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.BoundAlignment;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.objective.Region;
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

  StepGraph(
      LiveNetwork trained,
      BatchNormFolding folding,
      AttackedBatch batch,
      WarmUpRegulariser regulariser,
      NormBall smallest) {
    this.batch = batch;
    this.plan = batch.plan();
    this.trained = trained;
    this.clean = Concrete.clean(trained, batch.x());
    this.oneHot =
        Margins.oneHot(batch.labels(), trained.network().classes(), batch.x().getDataType());
    LiveNetwork live = folding.apply(trained.withStatistics(clean.statistics()));
    NDArray natural = Margins.logitCrossEntropy(clean.logits(), oneHot).mean();
    NDArray correct = clean.logits().stopGradient().argMax(1).eq(batch.labels());
    StepTerms evaluation = new StepTerms(live, batch, oneHot);
    List<TermValue> terms = plan.terms().stream().map(term -> term.accept(evaluation)).toList();
    NDArray robust =
        terms.isEmpty()
            ? natural
            : plan.combination().of(terms.stream().map(TermValue::perSample).toList());
    Optional<NDArray> alignment = plan.alignment().map(aligned -> alignment(aligned, terms));
    NDArray penalty =
        plan.regulariserWeight() > 0
            ? Scalars.times(
                regulariser.loss(regularisedTrace(live, evaluation, smallest)),
                plan.regulariserWeight())
            : natural.zerosLike();
    this.loss = mix(natural, alignment.map(robust::add).orElse(robust)).add(penalty);
    this.losses =
        new StepLosses(
            value(loss),
            value(natural),
            value(robust),
            value(penalty),
            alignment.map(StepGraph::value).orElse(0.0),
            batch.size(),
            BatchEvaluation.count(correct),
            BatchEvaluation.count(
                terms.stream()
                    .map(TermValue::certified)
                    .reduce(NDArray::logicalAnd)
                    .orElse(correct)));
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

  private static NDArray alignment(Plan.Alignment alignment, List<TermValue> terms) {
    TermValue from = terms.get(alignment.from());
    List<NDArray> others = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      if (i != alignment.from()) {
        others.add(terms.get(i).margins());
      }
    }
    return Scalars.times(
        BoundAlignment.loss(from.margins(), others, from.certified()), alignment.weight());
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

  // The regulariser looks at the bounds of the loss itself (for SABR those of the small box),
  // unless they are those of a point.
  private BoxTrace regularisedTrace(LiveNetwork live, StepTerms evaluation, NormBall smallest) {
    Region region =
        plan.regularised().orElseThrow(() -> new IllegalStateException("no region to regularise"));
    return region.eps() < smallest.eps()
        ? BoxPropagation.over(live, batch.x(), smallest)
        : evaluation.trace(region);
  }

  private static double value(NDArray scalar) {
    return scalar.toType(DataType.FLOAT64, false).getDouble();
  }
}
