package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * {@code gamma (x - mean) / sqrt(variance + epsilon) + beta} per channel, with the statistics of a
 * batch or the running ones.
 *
 * @param features channels
 * @param epsilon added to the variance
 * @param momentum weight of a new batch in the running statistics
 */
public record BatchNorm(int features, double epsilon, double momentum) implements Operation {
  /** What is added to the variance where nothing else is said. */
  public static final double EPSILON = 1e-5;

  /** Checks the constants. */
  public BatchNorm {
    ShapeMismatch.require(
        features > 0 && epsilon > 0 && momentum >= 0 && momentum <= 1,
        "batch normalisation needs features, a positive epsilon and a momentum in [0, 1]");
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.batchNorm(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() >= 1 && shape.get(0) == features,
        "batch normalisation of " + features + " features cannot take an input of shape " + shape);
    return shape;
  }

  @Override
  public List<ParameterSpec> parameters() {
    Shape shape = new Shape(features);
    return List.of(
        new ParameterSpec("weight", shape, ParameterSpec.Role.BATCH_NORM_SCALE),
        new ParameterSpec("bias", shape, ParameterSpec.Role.BATCH_NORM_SHIFT),
        new ParameterSpec("running_mean", shape, ParameterSpec.Role.RUNNING_MEAN),
        new ParameterSpec("running_var", shape, ParameterSpec.Role.RUNNING_VARIANCE));
  }
}
