package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Windows that slide over the planes of images, as pooling sees them: {@code T} taps for each of
 * {@code H' x W'} positions. Taps may fall on padding (of pools, at most half a window). Gradients
 * flow. Thread-safe.
 *
 * @param kernel height and width of a window
 * @param stride step in both directions
 * @param padding places added on each side
 */
public record Windows(Extent kernel, Extent stride, Extent padding) {
  private static final Map<Windows, ScriptedOperator> UNFOLDINGS = new ConcurrentHashMap<>();
  private static final Map<Mean, ScriptedOperator> MEANS = new ConcurrentHashMap<>();

  private record Mean(Windows windows, boolean countPadding) {}

  /** Loads the engine when it is first used, not when a window is described. */
  private static final class Scatter {
    static final ScriptedOperator ADD =
        new ScriptedOperator(new String[] {"z", "i", "x"}, "torch.scatter_add(z, -1, i, x)");
  }

  /** Taps of a window. */
  public int taps() {
    return kernel.height() * kernel.width();
  }

  /** Number of positions along an axis of this length, rounded down; 0 where none fits. */
  public Extent positions(Extent input) {
    return new Extent(
        positions(input.height(), kernel.height(), stride.height(), padding.height()),
        positions(input.width(), kernel.width(), stride.width(), padding.width()));
  }

  /** The largest value of each window, padding not counted: {@code [N, C, H', W']}. */
  public NDArray maximum(NDArray x) {
    return Pool.maxPool2d(x, kernel.shape(), stride.shape(), padding.shape(), false);
  }

  /**
   * The mean of each window, {@code [N, C, H', W']}.
   *
   * @param countPadding whether padding counts as zeros, or not at all
   */
  public NDArray mean(NDArray x, boolean countPadding) {
    // DJL's own pool takes no notice of the flag.
    return MEANS.computeIfAbsent(new Mean(this, countPadding), Windows::averaging).apply(x);
  }

  /**
   * The adjoint of {@link #mean}.
   *
   * @param a {@code [N, C, H', W']}
   * @param input H and W
   * @return {@code [N, C, H, W]}
   */
  public NDArray meanAdjoint(NDArray a, boolean countPadding, Extent input) {
    Shape shape = a.getShape();
    NDArray planes = a.reshape(shape.get(0) * shape.get(1), 1, shape.get(2), shape.get(3));
    NDArray shares =
        countPadding ? Scalars.over(planes, taps()) : planes.div(counts(a, input).expandDims(0));
    NDArray kernels =
        a.getManager().ones(new Shape(1, 1, kernel.height(), kernel.width()), a.getDataType());
    return Convolution.adjoint(shares, kernels, Geometry.of(stride, padding), input)
        .reshape(shape.get(0), shape.get(1), input.height(), input.width());
  }

  /** The values under each window, 0 on padding: {@code [N, C, T, H', W']}. */
  public NDArray unfold(NDArray x) {
    Shape shape = x.getShape();
    Extent positions =
        positions(new Extent(Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3))));
    return UNFOLDINGS
        .computeIfAbsent(this, Windows::unfolding)
        .apply(x)
        .reshape(shape.get(0), shape.get(1), taps(), positions.height(), positions.width());
  }

  /**
   * The place in a plane of {@code H x W}, row-major, that each tap of each window falls on: {@code
   * int64 [T, H', W']}. A tap on padding has the nearest place of the plane.
   */
  public NDArray places(Scope scope, Extent input) {
    Extent positions = positions(input);
    int[] places = new int[taps() * positions.height() * positions.width()];
    int next = 0;
    for (int tap = 0; tap < taps(); tap++) {
      for (int row = 0; row < positions.height(); row++) {
        for (int column = 0; column < positions.width(); column++) {
          int y = row * stride.height() - padding.height() + tap / kernel.width();
          int x = column * stride.width() - padding.width() + tap % kernel.width();
          places[next++] = within(y, input.height()) * input.width() + within(x, input.width());
        }
      }
    }
    return scope.labels(places).reshape(taps(), positions.height(), positions.width());
  }

  /**
   * Values added up at places of a row.
   *
   * @param values {@code [..., M]}
   * @param places {@code int64}, broadcast to the shape of {@code values}; below {@code width}
   * @return {@code [..., width]}
   */
  public static NDArray addAt(NDArray values, NDArray places, long width) {
    Shape shape = values.getShape();
    Shape rows = shape.slice(0, shape.dimension() - 1).add(width);
    NDArray zeros = values.getManager().zeros(rows, values.getDataType());
    return Scatter.ADD.apply(zeros, places.broadcast(shape), values);
  }

  /** How many taps of each window lie on the plane, {@code [1, H', W']}. */
  private NDArray counts(NDArray like, Extent input) {
    DataType type = like.getDataType();
    NDArray plane = like.getManager().ones(new Shape(1, 1, input.height(), input.width()), type);
    return unfold(plane).sum(new int[] {2}).squeeze(0);
  }

  private static int within(int place, int extent) {
    return Math.max(0, Math.min(place, extent - 1));
  }

  private static int positions(int input, int kernel, int stride, int padding) {
    long room = input + 2L * padding - kernel;
    return room < 0 ? 0 : Math.toIntExact(room / stride + 1);
  }

  private static ScriptedOperator averaging(Mean mean) {
    Windows windows = mean.windows;
    String expression =
        "torch.avg_pool2d(x, %s, %s, %s, False, %s, None)"
            .formatted(
                windows.kernel.literal(),
                windows.stride.literal(),
                windows.padding.literal(),
                mean.countPadding ? "True" : "False");
    return new ScriptedOperator(new String[] {"x"}, expression);
  }

  private static ScriptedOperator unfolding(Windows windows) {
    String expression =
        "torch.im2col(x, %s, [1, 1], %s, %s)"
            .formatted(
                windows.kernel.literal(), windows.padding.literal(), windows.stride.literal());
    return new ScriptedOperator(new String[] {"x"}, expression);
  }
}
