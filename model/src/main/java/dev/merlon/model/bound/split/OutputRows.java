package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;

/** Linear functions of a network's outputs, by number. */
@FunctionalInterface
public interface OutputRows {

  /**
   * The coefficients of some functions, {@code [1, R, K]}.
   *
   * @param bounds what they are bounded by
   * @param numbers which ones
   */
  NDArray of(SplitBounds bounds, int[] numbers, Scope owner);

  /**
   * Any functions, by their place in the list.
   *
   * @param rows {@code [K]} each
   */
  static OutputRows of(List<double[]> rows) {
    List<double[]> kept = List.copyOf(rows);
    return (bounds, numbers, owner) -> {
      double[] all =
          Arrays.stream(numbers).mapToObj(kept::get).flatMapToDouble(Arrays::stream).toArray();
      long outputs = all.length / numbers.length;
      return owner.tensor(all, bounds.type(), 1, numbers.length, outputs);
    };
  }
}
