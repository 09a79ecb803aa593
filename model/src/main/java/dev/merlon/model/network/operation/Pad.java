package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Padding;
import java.util.List;

/**
 * A constant put around every sample.
 *
 * @param padding how many places on each side of each axis of a sample
 * @param value what they hold
 */
public record Pad(Padding padding, double value) implements Operation {
  /** Checks the value. */
  public Pad {
    ShapeMismatch.require(Double.isFinite(value), "padding cannot hold " + value);
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.pad(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() == padding.before().size(),
        "padding of " + padding.before().size() + " axes does not fit an input of shape " + shape);
    return padding.padded(shape);
  }
}
