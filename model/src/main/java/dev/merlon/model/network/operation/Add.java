package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** Sum of two operands of one shape, as at the end of a residual block. */
public record Add() implements Operation {
  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.add(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    ShapeMismatch.require(
        inputs.get(0).equals(inputs.get(1)),
        "a sum cannot take operands of shapes " + inputs.get(0) + " and " + inputs.get(1));
    return inputs.get(0);
  }

  @Override
  public int arity() {
    return 2;
  }
}
