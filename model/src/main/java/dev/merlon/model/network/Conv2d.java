package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * Cross-correlation with zero padding; weight {@code [out, in, kh, kw]}.
 *
 * @param in input channels
 * @param out output channels
 * @param kernel height and width of the kernel
 * @param stride step in both directions
 * @param padding zeros added on each side
 * @param bias whether a bias {@code [out]} is added
 */
public record Conv2d(int in, int out, Extent kernel, Extent stride, Extent padding, boolean bias)
    implements Operation {
  /** Checks the extents. */
  public Conv2d {
    ShapeMismatch.require(in > 0 && out > 0, "a convolution needs channels");
    ShapeMismatch.require(
        kernel.height() > 0 && kernel.width() > 0,
        "a convolution needs a kernel of positive extent");
    ShapeMismatch.require(
        stride.height() > 0 && stride.width() > 0, "a convolution needs a positive stride");
    ShapeMismatch.require(
        padding.height() >= 0 && padding.width() >= 0,
        "a convolution's padding cannot be negative");
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.conv2d(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = inputs.get(0);
    ShapeMismatch.require(
        shape.dimension() == 3 && shape.get(0) == in,
        "a convolution of " + in + " channels cannot take an input of shape " + shape);
    long height = extent(shape.get(1), kernel.height(), stride.height(), padding.height());
    long width = extent(shape.get(2), kernel.width(), stride.width(), padding.width());
    ShapeMismatch.require(
        height > 0 && width > 0,
        "a kernel of "
            + kernel.height()
            + "x"
            + kernel.width()
            + " does not fit into an input of shape "
            + shape);
    return new Shape(out, height, width);
  }

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
            "weight",
            new Shape(out, in, kernel.height(), kernel.width()),
            ParameterSpec.Role.WEIGHT));
    if (bias) {
      specs.add(new ParameterSpec("bias", new Shape(out), ParameterSpec.Role.BIAS));
    }
    return specs;
  }

  @Override
  public boolean isAffine() {
    return true;
  }

  private static long extent(long input, int kernel, int stride, int padding) {
    long room = input + 2L * padding - kernel;
    return room < 0 ? 0 : room / stride + 1;
  }
}
