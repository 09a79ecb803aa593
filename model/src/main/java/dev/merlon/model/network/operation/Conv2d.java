package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import java.util.ArrayList;
import java.util.List;

/**
 * Cross-correlation with zero padding; weight {@code [out, in / groups, kh, kw]}. With as many
 * groups as input channels it is depthwise.
 *
 * @param in input channels
 * @param out output channels
 * @param kernel height and width of the kernel
 * @param geometry stride, padding, dilation and groups
 * @param bias whether a bias {@code [out]} is added
 */
public record Conv2d(int in, int out, Extent kernel, Geometry geometry, boolean bias)
    implements Operation {
  /** Checks the extents. */
  public Conv2d {
    ShapeMismatch.require(in > 0 && out > 0, "a convolution needs channels");
    ShapeMismatch.require(
        kernel.height() > 0 && kernel.width() > 0,
        "a convolution needs a kernel of positive extent");
    ShapeMismatch.require(
        geometry.stride().height() > 0 && geometry.stride().width() > 0,
        "a convolution needs a positive stride");
    ShapeMismatch.require(
        geometry.padding().height() >= 0 && geometry.padding().width() >= 0,
        "a convolution's padding cannot be negative");
    ShapeMismatch.require(
        geometry.dilation().height() > 0 && geometry.dilation().width() > 0,
        "a convolution needs a positive dilation");
    int groups = geometry.groups();
    ShapeMismatch.require(
        groups > 0 && in % groups == 0 && out % groups == 0,
        groups + " groups do not divide " + in + " input and " + out + " output channels");
  }

  /** A dense kernel over all channels. */
  public Conv2d(int in, int out, Extent kernel, Extent stride, Extent padding, boolean bias) {
    this(in, out, kernel, Geometry.of(stride, padding), bias);
  }

  /** Step in both directions. */
  public Extent stride() {
    return geometry.stride();
  }

  /** Zeros added on each side. */
  public Extent padding() {
    return geometry.padding();
  }

  /** Input channels that one output channel sees. */
  public int inPerGroup() {
    return in / geometry.groups();
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
    long rows = reach(kernel.height(), geometry.dilation().height());
    long columns = reach(kernel.width(), geometry.dilation().width());
    long height = extent(shape.get(1), rows, stride().height(), padding().height());
    long width = extent(shape.get(2), columns, stride().width(), padding().width());
    ShapeMismatch.require(
        height > 0 && width > 0,
        "a kernel of " + rows + "x" + columns + " does not fit into an input of shape " + shape);
    return new Shape(out, height, width);
  }

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
            "weight",
            new Shape(out, inPerGroup(), kernel.height(), kernel.width()),
            ParameterSpec.Role.WEIGHT));
    if (bias) {
      specs.add(new ParameterSpec("bias", new Shape(out), ParameterSpec.Role.BIAS));
    }
    return specs;
  }

  /** Extent of the kernel with the gaps that dilation leaves between its taps. */
  private static long reach(int taps, int dilation) {
    return (taps - 1L) * dilation + 1;
  }

  private static long extent(long input, long kernel, int stride, int padding) {
    long room = input + 2L * padding - kernel;
    return room < 0 ? 0 : room / stride + 1;
  }
}
