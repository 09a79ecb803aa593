package dev.merlon.model.bound.linear;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Windows;

/**
 * The receptive fields of the neurons of one value in an earlier value: a window for each place of
 * the plane, all of one extent, which may reach beyond the earlier value's plane.
 *
 * @param windows extent of a window, step from one neuron's to the next one's, and how far the
 *     first begins outside of the plane
 */
record Field(Windows windows) {
  /** Of the neurons in their own value. */
  static final Field OWN =
      new Field(new Windows(Extent.square(1), Extent.square(1), Extent.square(0)));

  /** The field in the operand of a convolution, this being the one in its result. */
  Field behind(Conv2d operation) {
    Geometry geometry = operation.geometry();
    Extent step = geometry.stride();
    Extent gap = geometry.dilation();
    Extent seen = operation.kernel();
    Extent kernel =
        new Extent(
            reach(windows.kernel().height(), step.height(), seen.height(), gap.height()),
            reach(windows.kernel().width(), step.width(), seen.width(), gap.width()));
    Extent stride =
        new Extent(
            windows.stride().height() * step.height(), windows.stride().width() * step.width());
    Extent outside = windows.padding();
    Extent padding =
        new Extent(
            outside.height() * step.height() + geometry.padding().height(),
            outside.width() * step.width() + geometry.padding().width());
    return new Field(new Windows(kernel, stride, padding));
  }

  /** Whether some window reaches beyond the plane. */
  boolean overhangs() {
    return windows.padding().height() > 0 || windows.padding().width() > 0;
  }

  /** What a window holds of a value of this shape {@code (C, H, W)}. */
  Shape of(Shape value) {
    return new Shape(value.get(0), windows.kernel().height(), windows.kernel().width());
  }

  private static int reach(int positions, int stride, int kernel, int dilation) {
    return (positions - 1) * stride + (kernel - 1) * dilation + 1;
  }
}
