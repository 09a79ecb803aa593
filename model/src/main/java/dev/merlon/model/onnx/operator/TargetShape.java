package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.onnx.graph.ModelFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The shape that ONNX's {@code Reshape} asks for: 0 copies the operand's extent at the same axis,
 * one -1 takes what is left.
 */
final class TargetShape {
  private TargetShape() {}

  /**
   * The shape of a sample, where the first axis asked for is the batch and nothing moves between
   * samples.
   *
   * @param batch length of the batch axis where it is fixed
   */
  static Shape ofSample(List<Long> target, Shape sample, OptionalLong batch) {
    ModelFormatException.unless(!target.isEmpty(), "its shape [] has no axis for the batch");
    long first = target.get(0);
    boolean inferred = first == -1;
    ModelFormatException.unless(
        inferred || first == 0 || (batch.isPresent() && batch.getAsLong() == first),
        "its shape " + target + " does not keep the batch as the first axis");
    List<Long> rest = target.subList(1, target.size());
    ModelFormatException.unless(
        !rest.isEmpty() && !(inferred && rest.contains(-1L)),
        "its shape " + target + " is not one of samples of a known shape");
    long[] operand = new long[sample.dimension()];
    System.arraycopy(sample.getShape(), 0, operand, 0, operand.length);
    return new Shape(of(rest, operand));
  }

  /** The shape of everything. */
  static long[] of(List<Long> target, long... operand) {
    long size = Arrays.stream(operand).reduce(1, Math::multiplyExact);
    long[] shape = new long[target.size()];
    int open = -1;
    long known = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      long asked = target.get(axis);
      boolean copied = asked == 0 && axis < operand.length;
      ModelFormatException.unless(
          copied || asked > 0 || (asked == -1 && open < 0),
          "its shape " + target + " is not valid");
      shape[axis] = copied ? operand[axis] : asked;
      if (asked == -1) {
        open = axis;
      } else {
        known = checkedProduct(known, shape[axis], target);
      }
    }
    if (open >= 0) {
      shape[open] = size / known;
      known = checkedProduct(known, shape[open], target);
    }
    ModelFormatException.unless(
        known == size, "its shape " + target + " does not hold an operand of " + size + " values");
    return shape;
  }

  private static long checkedProduct(long a, long b, List<Long> target) {
    ModelFormatException.unless(
        b <= Integer.MAX_VALUE && a <= Integer.MAX_VALUE, "its shape " + target + " is too large");
    return a * b;
  }
}
