package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code W x + b} with weight {@code [out, in]}.
 *
 * @param in length of the operand
 * @param out length of the result
 * @param bias whether a bias {@code [out]} is added
 */
public record Linear(int in, int out, boolean bias) implements Operation {
  /** Checks the lengths. */
  public Linear {
    ShapeMismatch.require(in > 0 && out > 0, "a linear layer needs positive lengths");
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.linear(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() == 1 && shape.get(0) == in,
        "a linear layer of " + in + " inputs cannot take an input of shape " + shape);
    return new Shape(out);
  }

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(new ParameterSpec("weight", new Shape(out, in), ParameterSpec.Role.WEIGHT));
    if (bias) {
      specs.add(new ParameterSpec("bias", new Shape(out), ParameterSpec.Role.BIAS));
    }
    return specs;
  }
}
