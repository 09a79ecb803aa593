package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The mean of each channel, {@code (C, H, W)} to {@code (C, 1, 1)}. */
public record GlobalAveragePool() implements Operation {
  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.globalAveragePool(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() == 3, "a pool over channels cannot take an input of shape " + shape);
    return new Shape(shape.get(0), 1, 1);
  }
}
