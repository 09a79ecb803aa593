package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.Network;
import dev.merlon.model.tensor.Lookup;
import dev.merlon.model.tensor.Scope;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Backward passes for many rows, in chunks of bounded memory.
 *
 * @param pass what bounds one chunk
 * @param scope owner of the results; the scope of the pass's input
 * @param coefficients largest number of elements of one coefficient tensor
 * @param expired whether time is up, asked before every chunk
 */
record NeuronBounds(BackwardPass pass, Scope scope, long coefficients, BooleanSupplier expired) {

  /**
   * Lower bounds of rows {@code [N or 1, R, ...]} on a value, {@code [N, R]}.
   *
   * @param rows in an open scope of the caller
   */
  NDArray lower(int value, NDArray rows) {
    long total = rows.getShape().get(1);
    int chunk = rowsAtOnce(value);
    requireTime();
    if (total <= chunk) {
      return pass.lower(value, rows);
    }
    try (Scope work = scope.child("rows")) {
      NDArray all = work.view(rows);
      NDList parts = new NDList();
      for (long from = 0; from < total; from += chunk) {
        requireTime();
        NDArray part = all.get(new NDIndex(":,{}:{}", from, Math.min(from + chunk, total)));
        parts.add(work.adopt(pass.lower(value, part)));
      }
      return scope.adopt(NDArrays.concat(parts, 1));
    }
  }

  /**
   * Bounds of single neurons.
   *
   * @param others bounds of the other neurons, {@code [N, ...]}, 0 for those to be bounded
   */
  Box box(int value, Neurons neurons, Box others) {
    return Fields.of(network(), value)
        .filter(fields -> !neurons.isEmpty())
        .map(fields -> throughFields(fields, value, neurons, others))
        .orElseGet(() -> onWholeValues(value, neurons, others));
  }

  /** The same bounds, by rows of coefficients on whole values. */
  Box onWholeValues(int value, Neurons neurons, Box others) {
    Shape shape = others.lower().getShape();
    NDArray lower = scope.adopt(AffineMap.flatten(others.lower()));
    NDArray upper = scope.adopt(AffineMap.flatten(others.upper()));
    for (Neurons chunk : neurons.chunks(rowsAtOnce(value))) {
      requireTime();
      try (Scope work = scope.child("neurons")) {
        NDArray single = chunk.rows(work, lower.getDataType());
        Shape stack = new Shape(single.getShape().get(0), single.getShape().get(1));
        NDArray rows = single.reshape(stack.addAll(network().shape(value)));
        NDArray below = work.adopt(pass.lower(value, rows));
        NDArray above = work.adopt(pass.lower(value, rows.neg())).neg();
        lower = replace(lower, lower.add(scatter(below, single)));
        upper = replace(upper, upper.add(scatter(above, single)));
      }
    }
    return Box.between(replace(lower, lower.reshape(shape)), replace(upper, upper.reshape(shape)));
  }

  private Box throughFields(Fields fields, int value, Neurons neurons, Box others) {
    Shape shape = others.lower().getShape();
    NDArray lower = scope.adopt(others.lower().flatten());
    NDArray upper = scope.adopt(others.upper().flatten());
    SingleNeurons all = SingleNeurons.of(neurons, Math.toIntExact(shape.get(0)));
    int most = Math.toIntExact(Math.max(1, coefficients / fields.widest()));
    try (Scope windows = scope.child("receptive fields")) {
      FieldPass through = new FieldPass(pass, fields, value, windows);
      for (SingleNeurons chunk : all.chunks(most)) {
        requireTime();
        try (Scope work = windows.child("neurons")) {
          Box bounds = through.bounds(chunk, work);
          NDArray places = chunk.inBatch(work, network().shape(value));
          lower = replace(lower, Lookup.added(lower, places, bounds.lower()));
          upper = replace(upper, Lookup.added(upper, places, bounds.upper()));
        }
      }
    }
    return Box.between(replace(lower, lower.reshape(shape)), replace(upper, upper.reshape(shape)));
  }

  private void requireTime() {
    if (expired.getAsBoolean()) {
      throw new OutOfTime();
    }
  }

  private static NDArray replace(NDArray old, NDArray next) {
    old.close();
    return next;
  }

  // Each row of single ones moves its bound to its neuron.
  private static NDArray scatter(NDArray bounds, NDArray single) {
    if (single.getShape().get(0) == 1) {
      return bounds.matMul(single.squeeze(0));
    }
    return bounds.expandDims(1).matMul(single).squeeze(1);
  }

  private int rowsAtOnce(int value) {
    long widest =
        IntStream.rangeClosed(0, value).mapToLong(id -> network().shape(id).size()).max().orElse(1);
    long rows = coefficients / (widest * pass.x().getShape().get(0));
    return Math.toIntExact(Math.max(1, Math.min(rows, Integer.MAX_VALUE)));
  }

  private Network network() {
    return pass.live().network();
  }
}
