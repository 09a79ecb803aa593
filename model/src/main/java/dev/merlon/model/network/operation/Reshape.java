package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The values of a sample in the same order, last axis fastest, under another shape.
 *
 * @param shape the new shape, without the batch axis
 */
public record Reshape(Shape shape) implements Rearrangement {
  /** Checks the extents. */
  public Reshape {
    ShapeMismatch.require(
        shape.dimension() > 0 && Arrays.stream(shape.getShape()).allMatch(extent -> extent > 0),
        "shape " + shape + " is not one of positive extents");
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    ShapeMismatch.require(
        inputs.get(0).size() == shape.size(),
        "an input of shape " + inputs.get(0) + " cannot be given the shape " + shape);
    return shape;
  }
}
