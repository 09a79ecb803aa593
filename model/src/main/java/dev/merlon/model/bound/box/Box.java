package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Concatenation;
import dev.merlon.model.tensor.Scalars;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An axis-aligned box per sample, {@code [N, ...]}, held by its corners or by centre and radius;
 * the other form is computed when asked for. Tensors belong to the scope they were computed in. Not
 * thread-safe.
 */
public final class Box {
  private Optional<NDArray> lower;
  private Optional<NDArray> upper;
  private Optional<NDArray> center;
  private Optional<NDArray> radius;

  private Box(
      Optional<NDArray> lower,
      Optional<NDArray> upper,
      Optional<NDArray> center,
      Optional<NDArray> radius) {
    this.lower = lower;
    this.upper = upper;
    this.center = center;
    this.radius = radius;
  }

  /** The box between two corners. */
  public static Box between(NDArray lower, NDArray upper) {
    return new Box(Optional.of(lower), Optional.of(upper), Optional.empty(), Optional.empty());
  }

  /** The box around a centre; the radius is not negative. */
  public static Box around(NDArray center, NDArray radius) {
    return new Box(Optional.empty(), Optional.empty(), Optional.of(center), Optional.of(radius));
  }

  /** The boxes of several groups of samples, one group after the other; at least one. */
  public static Box joined(List<Box> groups) {
    return between(
        Concatenation.of(groups.stream().map(Box::lower).toList(), 0),
        Concatenation.of(groups.stream().map(Box::upper).toList(), 0));
  }

  /** Lower corner. */
  public NDArray lower() {
    NDArray value = lower.orElseGet(() -> center().sub(radius()));
    lower = Optional.of(value);
    return value;
  }

  /** Upper corner. */
  public NDArray upper() {
    NDArray value = upper.orElseGet(() -> center().add(radius()));
    upper = Optional.of(value);
    return value;
  }

  /** Centre. */
  public NDArray center() {
    NDArray value = center.orElseGet(() -> Scalars.times(lower().add(upper()), 0.5));
    center = Optional.of(value);
    return value;
  }

  /** Half width per axis. */
  public NDArray radius() {
    NDArray value = radius.orElseGet(() -> Scalars.times(upper().sub(lower()), 0.5));
    radius = Optional.of(value);
    return value;
  }

  /** The largest absolute value of each axis. */
  public NDArray magnitude() {
    return lower().abs().maximum(upper().abs());
  }

  /** The same box with its axes arranged differently. */
  public Box reshaped(UnaryOperator<NDArray> shape) {
    return new Box(lower.map(shape), upper.map(shape), center.map(shape), radius.map(shape));
  }

  /** The points that lie in both boxes. */
  public Box intersect(Box other) {
    return between(lower().maximum(other.lower()), upper().minimum(other.upper()));
  }

  /** Both corners under a monotone map. */
  public Box monotone(UnaryOperator<NDArray> map) {
    return between(map.apply(lower()), map.apply(upper()));
  }
}
