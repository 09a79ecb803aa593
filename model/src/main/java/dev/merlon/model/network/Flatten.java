package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** All axes but the batch made one, last axis fastest. */
public record Flatten() implements Operation {
  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.flatten(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return new Shape(inputs.get(0).size());
  }

  @Override
  public boolean isAffine() {
    return true;
  }
}
