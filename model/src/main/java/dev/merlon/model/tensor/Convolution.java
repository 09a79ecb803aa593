package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two-dimensional convolution and its adjoint, with gradients with respect to every operand.
 * Thread-safe.
 */
public final class Convolution {
  private static final Map<Adjoint, ScriptedOperator> ADJOINTS = new ConcurrentHashMap<>();

  private Convolution() {}

  /** Height and width of something. */
  public record Extent(int height, int width) {
    /** The same extent in both directions. */
    public static Extent square(int size) {
      return new Extent(size, size);
    }

    Shape shape() {
      return new Shape(height, width);
    }

    String literal() {
      return "[" + height + ", " + width + "]";
    }
  }

  private record Adjoint(Extent stride, Extent padding, Extent outputPadding) {}

  /**
   * Cross-correlation with zero padding.
   *
   * @param input {@code [N, in, H, W]}
   * @param weight {@code [out, in, kh, kw]}
   * @param bias {@code [out]}
   * @return {@code [N, out, H', W']}
   */
  public static NDArray forward(
      NDArray input, NDArray weight, Optional<NDArray> bias, Extent stride, Extent padding) {
    return Conv2d.conv2d(input, weight, bias.orElse(null), stride.shape(), padding.shape())
        .singletonOrThrow();
  }

  /**
   * The adjoint of {@link #forward} in its input: what takes a derivative with respect to the
   * output to one with respect to the input.
   *
   * @param output {@code [N, out, H', W']}
   * @param weight {@code [out, in, kh, kw]}
   * @param inputExtent H and W of the forward input, which the output's extent alone does not
   *     determine for strides above 1
   * @return {@code [N, in, H, W]}
   */
  public static NDArray adjoint(
      NDArray output, NDArray weight, Extent stride, Extent padding, Extent inputExtent) {
    Shape out = output.getShape();
    Shape kernel = weight.getShape();
    int rows =
        missing(inputExtent.height(), out.get(2), kernel.get(2), stride.height(), padding.height());
    int columns =
        missing(inputExtent.width(), out.get(3), kernel.get(3), stride.width(), padding.width());
    Adjoint key = new Adjoint(stride, padding, new Extent(rows, columns));
    return ADJOINTS.computeIfAbsent(key, Convolution::script).apply(output, weight);
  }

  private static int missing(int input, long output, long kernel, int stride, int padding) {
    return Math.toIntExact(input - ((output - 1) * stride - 2L * padding + kernel));
  }

  private static ScriptedOperator script(Adjoint key) {
    String expression =
        "torch.conv_transpose2d(x, w, None, "
            + key.stride().literal()
            + ", "
            + key.padding().literal()
            + ", "
            + key.outputPadding().literal()
            + ", 1, [1, 1])";
    return new ScriptedOperator(new String[] {"x", "w"}, expression);
  }
}
