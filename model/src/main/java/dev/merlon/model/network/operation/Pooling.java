package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Windows;

/** What all pools over windows ask of their windows and inputs. */
public final class Pooling {
  private Pooling() {}

  static void requireValid(Windows windows) {
    ShapeMismatch.require(
        windows.kernel().height() > 0 && windows.kernel().width() > 0,
        "a pool needs windows of positive extent");
    ShapeMismatch.require(
        windows.stride().height() > 0 && windows.stride().width() > 0,
        "a pool needs a positive stride");
    ShapeMismatch.require(
        fits(windows.padding().height(), windows.kernel().height())
            && fits(windows.padding().width(), windows.kernel().width()),
        "a pool's padding must be at least 0 and at most half a window");
  }

  static Shape outputShape(Windows windows, Shape input) {
    ShapeMismatch.require(
        input.dimension() == 3, "a pool over windows cannot take an input of shape " + input);
    Extent positions = windows.positions(extent(input));
    ShapeMismatch.require(
        positions.height() > 0 && positions.width() > 0,
        "a window of "
            + windows.kernel().height()
            + "x"
            + windows.kernel().width()
            + " does not fit into an input of shape "
            + input);
    return new Shape(input.get(0), positions.height(), positions.width());
  }

  /** Height and width of a shape {@code (C, H, W)}. */
  public static Extent extent(Shape image) {
    return new Extent(Math.toIntExact(image.get(1)), Math.toIntExact(image.get(2)));
  }

  private static boolean fits(int padding, int kernel) {
    return padding >= 0 && 2L * padding <= kernel;
  }
}
