package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;

/**
 * The {@code K - 1} margins of each sample as functions of its logits, without the label's own,
 * which is 0.
 *
 * @param labels {@code int64 [N, 1]}
 * @param classes K
 * @param columns 0 to K-1, {@code int64 [1, K]}
 */
record MarginRows(NDArray labels, int classes, NDArray columns) {

  /**
   * The margins of these labels.
   *
   * @param labels {@code int64 [N]}
   * @param scope owner of what is made
   */
  static MarginRows of(NDArray labels, int classes, Scope scope) {
    NDArray columns = scope.manager().arange(0, classes, 1, DataType.INT64).reshape(1, classes);
    return new MarginRows(scope.adopt(labels.reshape(-1, 1)), classes, columns);
  }

  /** {@code e_y - e_j} for every other class j in ascending order, {@code [N, K - 1, K]}. */
  NDArray rows(DataType type) {
    NDArray numbers = columns.get(":,0:" + (classes - 1));
    NDArray others = numbers.add(whole(numbers.gte(labels)));
    return labels.oneHot(classes, type).sub(others.oneHot(classes, type));
  }

  /**
   * Bounds {@code [N, K - 1]} in the columns of their classes, 0 in the label's: {@code [N, K]}.
   */
  NDArray withLabel(NDArray bounds) {
    Shape one = new Shape(bounds.getShape().get(0), 1);
    NDArray padded = bounds.concat(bounds.getManager().zeros(one, bounds.getDataType()), 1);
    NDArray ofLabel = whole(columns.eq(labels)).mul(labels.neg().add(classes - 1));
    NDArray places = columns.sub(whole(columns.gt(labels))).add(ofLabel);
    return padded.gather(places, 1);
  }

  private static NDArray whole(NDArray flags) {
    return flags.toType(DataType.INT64, false);
  }
}
