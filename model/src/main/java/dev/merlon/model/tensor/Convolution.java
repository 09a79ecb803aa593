package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Two-dimensional convolution and its adjoint, with gradients with respect to every operand.
 * Thread-safe.
 */
public final class Convolution {
  private static final Map<Adjoint, ScriptedOperator> ADJOINTS = new ConcurrentHashMap<>();

  /** The most entries of a matrix that an adjoint is written out as. */
  private static final long MATRIX = 1 << 18;

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

  /**
   * How a kernel moves over its input.
   *
   * @param stride step in both directions, positive
   * @param padding zeros added on each side
   * @param dilation distance of neighbouring taps, positive; 1 for a dense kernel
   * @param groups parts that the channels are divided into, each convolved apart
   */
  public record Geometry(Extent stride, Extent padding, Extent dilation, int groups) {
    /** A dense kernel over all channels. */
    public static Geometry of(Extent stride, Extent padding) {
      return new Geometry(stride, padding, Extent.square(1), 1);
    }
  }

  private record Adjoint(Geometry geometry, Extent outputPadding) {}

  /**
   * Cross-correlation with zero padding.
   *
   * @param input {@code [N, in, H, W]}
   * @param weight {@code [out, in / groups, kh, kw]}
   * @param bias {@code [out]}
   * @return {@code [N, out, H', W']}
   */
  public static NDArray forward(
      NDArray input, NDArray weight, Optional<NDArray> bias, Geometry geometry) {
    return Conv2d.conv2d(
            input,
            weight,
            bias.orElse(null),
            geometry.stride().shape(),
            geometry.padding().shape(),
            geometry.dilation().shape(),
            geometry.groups())
        .singletonOrThrow();
  }

  /**
   * The adjoint of {@link #forward} in its input: what takes a derivative with respect to the
   * output to one with respect to the input.
   *
   * @param output {@code [N, out, H', W']}
   * @param weight {@code [out, in / groups, kh, kw]}
   * @param inputExtent H and W of the forward input, which the output's extent alone does not
   *     determine for strides above 1
   * @return {@code [N, in, H, W]}
   */
  public static NDArray adjoint(
      NDArray output, NDArray weight, Geometry geometry, Extent inputExtent) {
    Shape out = output.getShape();
    Shape kernel = weight.getShape();
    long rows =
        geometry.stride().height() * (out.get(2) - 1)
            + geometry.dilation().height() * (kernel.get(2) - 1)
            + 1
            - 2L * geometry.padding().height();
    long columns =
        geometry.stride().width() * (out.get(3) - 1)
            + geometry.dilation().width() * (kernel.get(3) - 1)
            + 1
            - 2L * geometry.padding().width();
    Extent missing =
        new Extent(
            Math.toIntExact(inputExtent.height() - rows),
            Math.toIntExact(inputExtent.width() - columns));
    Adjoint key = new Adjoint(geometry, missing);
    ScriptedOperator adjoint = ADJOINTS.computeIfAbsent(key, Convolution::script);
    Shape result =
        new Shape(kernel.get(1) * geometry.groups(), inputExtent.height(), inputExtent.width());
    return isSmall(out, result)
        ? throughMatrix(adjoint, output, weight, result)
        : adjoint.apply(output, weight);
  }

  // Many small planes: the engine takes them one by one, which costs more than the multiplications
  // by zero of the whole matrix.
  private static boolean isSmall(Shape output, Shape result) {
    long entries = output.slice(1).size();
    return entries * result.size() <= MATRIX && output.get(0) >= 2 * entries;
  }

  // A matrix's entries are weights themselves, so that a sum's terms are the same.
  private static NDArray throughMatrix(
      ScriptedOperator adjoint, NDArray output, NDArray weight, Shape result) {
    Shape plane = output.getShape().slice(1);
    long samples = output.getShape().get(0);
    NDArray ones =
        output
            .getManager()
            .eye(Math.toIntExact(plane.size()))
            .toType(output.getDataType(), false)
            .reshape(new Shape(plane.size()).addAll(plane));
    NDArray matrix = adjoint.apply(ones, weight).reshape(plane.size(), result.size());
    return output
        .reshape(samples, plane.size())
        .matMul(matrix)
        .reshape(new Shape(samples).addAll(result));
  }

  private static ScriptedOperator script(Adjoint key) {
    Geometry geometry = key.geometry();
    String expression =
        String.format(
            Locale.ROOT,
            "torch.conv_transpose2d(x, w, None, %s, %s, %s, %d, %s)",
            geometry.stride().literal(),
            geometry.padding().literal(),
            key.outputPadding().literal(),
            geometry.groups(),
            geometry.dilation().literal());
    return new ScriptedOperator(new String[] {"x", "w"}, expression);
  }
}
