package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.stream.IntStream;

/**
 * Linear functions around a max pool. Every window has one tap whose lower bound is the largest.
 * The maximum is never below that tap, which is the lower function; where no other tap can exceed
 * it, it is the upper function too, and elsewhere that is the largest upper bound of the window.
 * Gradients flow through the bounds; the choice of a tap is a constant.
 *
 * @param places where in its plane the chosen tap lies, {@code int64 [N, C, H' W']}
 * @param open 1 where another tap may exceed the chosen one, else 0; {@code [N, C, H', W']}
 * @param ceiling the largest upper bound of open windows, else 0; {@code [N, C, H', W']}
 * @param plane H and W of the operand
 */
record Selection(NDArray places, NDArray open, NDArray ceiling, Extent plane)
    implements Relaxation {

  /** The functions over these bounds of the operand, owned by {@code scope}. */
  static Selection of(Box operand, Windows windows, Scope scope) {
    try (Scope work = scope.child("selection")) {
      Taps taps = Taps.of(operand, windows, work);
      NDArray open = taps.open().toType(taps.upper().getDataType(), false);
      NDArray chosen =
          taps.chosen().toType(DataType.INT64, false).mul(taps.places()).sum(new int[] {2});
      NDArray highest = taps.upper().max(new int[] {2});
      return new Selection(
          scope.adopt(perPlane(chosen)),
          scope.adopt(open),
          scope.adopt(highest.mul(open)),
          taps.plane());
    }
  }

  /** Which neurons of the operand may be the largest of an open window, as booleans. */
  static NDArray open(Box operand, Windows windows, Scope scope) {
    try (Scope work = scope.child("open taps")) {
      Taps taps = Taps.of(operand, windows, work);
      NDArray mayExceed = taps.upper().gt(taps.chosenLower().expandDims(2));
      NDArray marks =
          mayExceed.logicalAnd(taps.open().expandDims(2)).toType(taps.upper().getDataType(), false);
      // Taps on padding are below everything and mark nothing.
      NDArray places = taps.places().reshape(1, 1, -1);
      NDArray counts = Windows.addAt(perPlane(marks), places, size(taps.plane()));
      return scope.adopt(counts.reshape(operand.lower().getShape()).gt(0));
    }
  }

  @Override
  public NDArray adjoint(NDArray a, LinearForm form) {
    NDArray negative = Scalars.atMost(a, 0);
    form.addConstant(Rows.flattened(negative).times(AffineMap.flatten(ceiling)));
    NDArray onChosen = a.sub(negative.mul(open.expandDims(1)));
    Shape shape = onChosen.getShape();
    NDArray planes = onChosen.reshape(shape.get(0), shape.get(1), shape.get(2), -1);
    return Windows.addAt(planes, places.expandDims(1), size(plane))
        .reshape(shape.slice(0, 3).add(plane.height()).add(plane.width()));
  }

  private static NDArray perPlane(NDArray values) {
    return values.reshape(values.getShape().get(0), values.getShape().get(1), -1);
  }

  private static long size(Extent plane) {
    return (long) plane.height() * plane.width();
  }

  /**
   * The taps of all windows, {@code [N, C, T, H', W']}, those on padding below everything.
   *
   * @param chosen which tap of each window has the largest lower bound, as booleans
   * @param chosenLower its lower bound, {@code [N, C, H', W']}
   * @param places {@code int64 [T, H', W']}
   */
  private record Taps(
      NDArray upper, NDArray chosen, NDArray chosenLower, NDArray places, Extent plane) {

    static Taps of(Box operand, Windows windows, Scope work) {
      NDArray lower = work.view(operand.lower());
      Shape shape = lower.getShape();
      Extent plane = new Extent(Math.toIntExact(shape.get(2)), Math.toIntExact(shape.get(3)));
      NDArray inside = windows.unfold(lower.get("0:1,0:1").onesLike()).gt(0);
      NDArray lowers = onPlane(inside, windows.unfold(lower));
      NDArray uppers = onPlane(inside, windows.unfold(work.view(operand.upper())));
      int[] numbers = IntStream.range(0, windows.taps()).toArray();
      NDArray chosen =
          lowers.argMax(2).expandDims(2).eq(work.labels(numbers).reshape(1, 1, -1, 1, 1));
      return new Taps(
          uppers, chosen, lowers.max(new int[] {2}), windows.places(work, plane), plane);
    }

    /** Windows in which another tap than the chosen one may be the largest, as booleans. */
    NDArray open() {
      NDArray others = NDArrays.where(chosen, lowest(upper), upper).max(new int[] {2});
      return others.gt(chosenLower);
    }

    private static NDArray onPlane(NDArray inside, NDArray taps) {
      return NDArrays.where(inside.broadcast(taps.getShape()), taps, lowest(taps));
    }

    private static NDArray lowest(NDArray like) {
      return like.zerosLike().sub(Float.POSITIVE_INFINITY);
    }
  }
}
