package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Transpose;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Where in its row-major operand each value of a result comes from. */
final class Places {
  private Places() {}

  static int[] of(Rearrangement operation, Shape in) {
    Shape out = operation.outputShape(List.of(in));
    if (!(operation instanceof Transpose transpose)) {
      return IntStream.range(0, Math.toIntExact(out.size())).toArray();
    }
    return each(
        out,
        index -> {
          int[] source = new int[index.length];
          for (int axis = 0; axis < index.length; axis++) {
            source[transpose.axes().get(axis)] = index[axis];
          }
          return flat(source, in);
        });
  }

  /** -1 on padding. */
  static int[] of(Pad operation, Shape in) {
    return each(
        operation.outputShape(List.of(in)),
        index -> {
          int[] source = index.clone();
          for (int axis = 0; axis < index.length; axis++) {
            source[axis] -= operation.padding().before().get(axis);
            if (source[axis] < 0 || source[axis] >= in.get(axis)) {
              return -1;
            }
          }
          return flat(source, in);
        });
  }

  /** Counted through all operands, one after the other. */
  static int[] of(Concat operation, List<Shape> operands) {
    return each(
        operation.outputShape(operands),
        index -> {
          int[] source = index.clone();
          int first = 0;
          for (Shape operand : operands) {
            if (source[operation.axis()] < operand.get(operation.axis())) {
              return first + flat(source, operand);
            }
            source[operation.axis()] -= (int) operand.get(operation.axis());
            first += (int) operand.size();
          }
          throw new IllegalStateException();
        });
  }

  /** Which value of a constant meets each value of a sample. */
  static int[] broadcast(Shape constant, Shape sample) {
    return each(
        sample,
        index -> {
          int[] source = index.clone();
          for (int axis = 0; axis < index.length; axis++) {
            source[axis] = constant.get(axis) == 1 ? 0 : index[axis];
          }
          return flat(source, constant);
        });
  }

  private static int[] each(Shape out, ToIntFunction<int[]> place) {
    return IntStream.range(0, Math.toIntExact(out.size()))
        .map(
            i -> {
              int[] index = new int[out.dimension()];
              int rest = i;
              for (int axis = index.length - 1; axis >= 0; axis--) {
                index[axis] = rest % (int) out.get(axis);
                rest /= (int) out.get(axis);
              }
              return place.applyAsInt(index);
            })
        .toArray();
  }

  private static int flat(int[] index, Shape shape) {
    int flat = 0;
    for (int axis = 0; axis < index.length; axis++) {
      flat = flat * (int) shape.get(axis) + index[axis];
    }
    return flat;
  }
}
