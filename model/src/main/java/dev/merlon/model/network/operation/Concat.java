package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Several operands one after the other along an axis.
 *
 * @param axis of a sample, counted from 0 without the batch
 * @param arity number of operands
 */
public record Concat(int axis, int arity) implements Operation {
  /** Checks the numbers. */
  public Concat {
    ShapeMismatch.require(axis >= 0 && arity > 0, "a concatenation needs an axis and operands");
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.concat(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    long[] joined = inputs.get(0).getShape().clone();
    ShapeMismatch.require(
        axis < joined.length, "operands of shape " + inputs.get(0) + " have no axis " + axis);
    joined[axis] = 0;
    for (Shape input : inputs) {
      boolean fits = input.dimension() == joined.length;
      for (int i = 0; fits && i < joined.length; i++) {
        fits = i == axis || input.get(i) == joined[i];
      }
      ShapeMismatch.require(
          fits, "operands of shapes " + inputs + " do not fit together along axis " + axis);
      joined[axis] += input.get(axis);
    }
    return new Shape(joined);
  }
}
