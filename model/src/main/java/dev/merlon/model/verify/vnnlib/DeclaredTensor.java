package dev.merlon.model.verify.vnnlib;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The inputs or the outputs of a property: one variable for each element, in row-major order.
 *
 * @param names of the variables as the property writes them
 * @param shape extents of the axes as far as the names show them; {@code X_0 … X_783} is one axis
 */
public record DeclaredTensor(List<String> names, List<Integer> shape) {
  /** Keeps copies. */
  public DeclaredTensor {
    names = List.copyOf(names);
    shape = List.copyOf(shape);
  }

  static DeclaredTensor of(List<String> names, int... shape) {
    return new DeclaredTensor(names, Arrays.stream(shape).boxed().toList());
  }

  /** Number of elements. */
  public int size() {
    return names.size();
  }

  /** The index of an element by its row-major position. */
  static int[] index(int flat, int... shape) {
    int[] index = new int[shape.length];
    int rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return index;
  }

  /** The row-major position of an index, if it is below {@code size}. */
  static OptionalInt position(int[] index, int[] shape, int size) {
    long position = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      position = position * shape[axis] + index[axis];
      if (position >= size) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of((int) position);
  }

  /** Whether a tensor of this shape has so many elements. */
  static boolean hasSize(int[] shape, int size) {
    long product = 1;
    for (int extent : shape) {
      product *= extent;
      if (product > size) {
        return false;
      }
    }
    return product == size;
  }
}
