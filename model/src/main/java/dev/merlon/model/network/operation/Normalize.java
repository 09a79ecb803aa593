package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * {@code (x - mean) / std} per channel, with constants that are part of the network and never
 * train. Radii are always measured before it.
 *
 * @param mean one value a channel
 * @param std one positive value a channel
 * @param outside whether it is not part of the model's file but done before, to inputs that the
 *     file is then given in float32: bounds that account for rounding cover this rounding
 */
public record Normalize(List<Double> mean, List<Double> std, boolean outside) implements Operation {
  /** Copies the lists and checks them. */
  public Normalize {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    ShapeMismatch.require(
        mean.size() == std.size() && !mean.isEmpty(),
        "normalisation needs as many means as deviations");
    ShapeMismatch.require(
        std.stream().allMatch(s -> s > 0), "normalisation needs positive deviations");
  }

  /** A normalisation that is part of the model. */
  public Normalize(List<Double> mean, List<Double> std) {
    this(mean, std, false);
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.normalize(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() >= 1 && shape.get(0) == mean.size(),
        "normalisation of " + mean.size() + " channels cannot take an input of shape " + shape);
    return shape;
  }
}
