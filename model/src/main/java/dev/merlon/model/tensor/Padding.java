package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Places put around the last axes of a tensor. Gradients flow. Thread-safe.
 *
 * @param before how many come first along each axis
 * @param after how many come last along each axis
 */
public record Padding(List<Integer> before, List<Integer> after) {
  private static final Map<Filling, ScriptedOperator> OPERATORS = new ConcurrentHashMap<>();

  private record Filling(Padding padding, double value) {}

  /** Copies the lists and checks them. */
  public Padding {
    before = List.copyOf(before);
    after = List.copyOf(after);
    if (before.size() != after.size()) {
      throw new IllegalArgumentException("padding " + before + " and " + after);
    }
  }

  /** Shape of what is padded, of as many axes. */
  public Shape padded(Shape shape) {
    return new Shape(
        IntStream.range(0, before.size())
            .mapToLong(axis -> before.get(axis) + shape.get(axis) + after.get(axis))
            .toArray());
  }

  /** {@code x} with a value put around its last axes. */
  public NDArray around(NDArray x, double value) {
    return apply(x, value);
  }

  /** The adjoint of {@link #around}, which takes the padding off again. */
  public NDArray off(NDArray a) {
    return new Padding(negative(before), negative(after)).apply(a, 0);
  }

  private NDArray apply(NDArray x, double value) {
    return OPERATORS.computeIfAbsent(new Filling(this, value), Padding::operator).apply(x);
  }

  private static List<Integer> negative(List<Integer> counts) {
    return counts.stream().map(count -> -count).toList();
  }

  // The engine wants the last axis first.
  private static ScriptedOperator operator(Filling filling) {
    Padding padding = filling.padding;
    int axes = padding.before.size();
    String counts =
        IntStream.range(0, axes)
            .map(i -> axes - 1 - i)
            .mapToObj(axis -> padding.before.get(axis) + ", " + padding.after.get(axis))
            .collect(Collectors.joining(", ", "[", "]"));
    return new ScriptedOperator(
        new String[] {"x"}, "torch.constant_pad_nd(x, %s, %s)".formatted(counts, filling.value));
  }
}
