package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.linear.Lines;
import dev.merlon.model.bound.linear.LowerSlope;
import dev.merlon.model.bound.linear.RectifierLines;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;

/**
 * Functions to be bounded together, each over its own subproblem of the input set: what follows
 * from the subproblems' splits and stays while parameters change. {@code U} unstable neurons,
 * {@code R} functions.
 *
 * <p>Parameters are {@code [R, U]} slopes, and where there are splits, behind them {@code [R, U]}
 * multipliers; they count as far as they are allowed: slopes between {@code low} and {@code high},
 * multipliers from 0.
 *
 * @param rows coefficients on the bounded value, {@code [1, R, ...]}
 * @param signs of the multipliers' terms: -1 where a neuron is at least 0, 1 where it is at most 0,
 *     0 where it is not split; {@code [R, U]}; none where nothing is split
 * @param low smallest lower slopes, {@code [R or 1, U]}
 * @param high largest lower slopes
 * @param upperSlope of the upper lines
 * @param upperIntercept of the upper lines
 */
record RowBatch(
    NDArray rows,
    Optional<NDArray> signs,
    NDArray low,
    NDArray high,
    NDArray upperSlope,
    NDArray upperIntercept) {

  /** The batch of these subproblems, owned by {@code scope}. */
  static RowBatch of(
      UnstableNeurons neurons, NDArray rows, List<Subproblem> subproblems, Scope scope) {
    DataType type = rows.getDataType();
    boolean split = subproblems.stream().anyMatch(subproblem -> subproblem.splits().length > 0);
    Optional<NDArray> signs =
        split
            ? Optional.of(scope.adopt(signs(neurons, subproblems, type, scope)))
            : Optional.empty();
    try (Scope work = scope.child("split lines")) {
      NDList low = new NDList();
      NDList high = new NDList();
      NDList slope = new NDList();
      NDList intercept = new NDList();
      for (UnstableNeurons.Layer layer : neurons.layers()) {
        Box box = box(layer, signs, type, work);
        Lines lines = RectifierLines.of(box, layer.slope(), LowerSlope.ADAPTIVE, work);
        NDArray open = RectifierLines.unstable(box.lower(), box.upper()).toType(type, false);
        NDArray decided = lines.lowerSlope().mul(Scalars.oneMinus(open));
        low.add(decided.add(Scalars.times(open, layer.slope())));
        high.add(decided.add(open));
        slope.add(lines.upperSlope());
        intercept.add(lines.upperIntercept());
      }
      return new RowBatch(
          scope.view(rows),
          signs,
          scope.adopt(NDArrays.concat(low, 1)),
          scope.adopt(NDArrays.concat(high, 1)),
          scope.adopt(NDArrays.concat(slope, 1)),
          scope.adopt(NDArrays.concat(intercept, 1)));
    }
  }

  /** The same batch as aliases in a scope, so that nothing derived from it outlives that. */
  RowBatch in(Scope scope) {
    return new RowBatch(
        scope.constant(rows),
        signs.map(scope::constant),
        scope.constant(low),
        scope.constant(high),
        scope.constant(upperSlope),
        scope.constant(upperIntercept));
  }

  /**
   * Parameters of the subproblems, {@code [R, U]} or {@code [R, 2 U]}, in the element type of rows.
   */
  NDArray parameters(List<Subproblem> subproblems, Scope scope) {
    int neurons = Math.toIntExact(low.getShape().get(1));
    int width = signs.isPresent() ? 2 * neurons : neurons;
    float[] values = new float[subproblems.size() * width];
    for (int r = 0; r < subproblems.size(); r++) {
      Subproblem subproblem = subproblems.get(r);
      System.arraycopy(subproblem.slopes(), 0, values, r * width, neurons);
      for (int i = 0; i < subproblem.splits().length; i++) {
        values[r * width + neurons + subproblem.neuron(i)] = subproblem.multipliers()[i];
      }
    }
    return scope.tensor(values, rows.getDataType(), subproblems.size(), width);
  }

  /** The slopes that parameters stand for, {@code [R, U]}. */
  NDArray slopes(NDArray parameters) {
    NDArray slopes = parameters.get(new NDIndex(":,0:{}", low.getShape().get(1)));
    NDArray notTooLow = NDArrays.where(slopes.lt(low), like(low, slopes), slopes);
    return NDArrays.where(slopes.gt(high), like(high, slopes), notTooLow);
  }

  /** The terms that parameters add to the coefficients on operands, {@code [R, U]}. */
  Optional<NDArray> terms(NDArray parameters) {
    return signs.map(sides -> multipliers(parameters).mul(sides));
  }

  /** The nearest parameters that are allowed. */
  NDArray project(NDArray parameters) {
    NDArray slopes = slopes(parameters);
    return signs.isEmpty() ? slopes : slopes.concat(multipliers(parameters), 1);
  }

  // Unlike a maximum, this has the whole derivative at the border, where optimisation begins.
  private NDArray multipliers(NDArray parameters) {
    NDArray values = parameters.get(new NDIndex(":,{}:", low.getShape().get(1)));
    return NDArrays.where(values.lt(0), values.zerosLike(), values);
  }

  private static NDArray like(NDArray limit, NDArray values) {
    return limit.broadcast(values.getShape());
  }

  private static NDArray signs(
      UnstableNeurons neurons, List<Subproblem> subproblems, DataType type, Scope scope) {
    float[] values = new float[subproblems.size() * neurons.count()];
    for (int r = 0; r < subproblems.size(); r++) {
      Subproblem subproblem = subproblems.get(r);
      for (int i = 0; i < subproblem.splits().length; i++) {
        values[r * neurons.count() + subproblem.neuron(i)] = subproblem.active(i) ? -1 : 1;
      }
    }
    return scope.tensor(values, type, subproblems.size(), neurons.count());
  }

  // A split neuron's bounds end at 0.
  private static Box box(
      UnstableNeurons.Layer layer, Optional<NDArray> signs, DataType type, Scope work) {
    NDArray lower = work.tensor(layer.lower(), type, 1, layer.size());
    NDArray upper = work.tensor(layer.upper(), type, 1, layer.size());
    if (signs.isEmpty()) {
      return Box.between(lower, upper);
    }
    NDArray here = work.view(signs.get()).get(new NDIndex(":,{}:{}", layer.first(), layer.end()));
    NDArray notActive = here.gte(0).toType(type, false);
    NDArray notInactive = here.lte(0).toType(type, false);
    return Box.between(notActive.mul(lower), notInactive.mul(upper));
  }

  /** Shape of the lines of one layer in a backward pass. */
  static NDArray slice(NDArray all, UnstableNeurons.Layer layer) {
    Shape shape = new Shape(1, all.getShape().get(0), layer.size());
    return all.get(new NDIndex(":,{}:{}", layer.first(), layer.end())).reshape(shape);
  }
}
