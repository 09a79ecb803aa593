package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes of a sample in another order, as from {@code (H, W, C)} to {@code (C, H, W)} by {@code
 * [2, 0, 1]}.
 *
 * @param axes which axis of the operand each axis of the result is, counted from 0 without the
 *     batch
 */
public record Transpose(List<Integer> axes) implements Rearrangement {
  /** Copies the list and checks it. */
  public Transpose {
    axes = List.copyOf(axes);
    ShapeMismatch.require(
        !axes.isEmpty()
            && axes.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, axes.size()).boxed().toList()),
        "axes " + axes + " are not each axis once");
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() == axes.size(),
        "axes " + axes + " do not fit an input of shape " + shape);
    return new Shape(axes.stream().mapToLong(shape::get).toArray());
  }

  /** What puts the axes back. */
  public Transpose inverse() {
    return new Transpose(IntStream.range(0, axes.size()).map(axes::indexOf).boxed().toList());
  }

  /** The axes of a batch in their new order; the batch axis stays first. */
  public int[] ofBatch() {
    return IntStream.concat(IntStream.of(0), axes.stream().mapToInt(axis -> axis + 1)).toArray();
  }
}
