package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Every value plus, times or divided by a constant of its own. The constant is a tensor that is
 * part of the network and never trains; it is not 0 where it divides.
 *
 * @param kind what is done
 * @param constant shape of the constant: as many axes as a sample has, each as long as the sample's
 *     or of length 1
 */
public record Elementwise(Kind kind, Shape constant) implements Operation {
  /** What is done with the constant. */
  public enum Kind {
    /** {@code x + c}. */
    ADD,
    /** {@code x * c}. */
    MULTIPLY,
    /** {@code x / c}. */
    DIVIDE
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.elementwise(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    boolean fits = constant.dimension() == shape.dimension();
    for (int axis = 0; fits && axis < constant.dimension(); axis++) {
      fits = constant.get(axis) == 1 || constant.get(axis) == shape.get(axis);
    }
    ShapeMismatch.require(
        fits, "a constant of shape " + constant + " does not fit an input of shape " + shape);
    return shape;
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of(new ParameterSpec("constant", constant, ParameterSpec.Role.CONSTANT));
  }
}
