package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/** {@code max(x, 0)} per neuron. */
public record Relu() implements Operation {
  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.relu(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public boolean isAffine() {
    return false;
  }
}
