package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Pooling;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.tensor.Concatenation;
import dev.merlon.model.tensor.Convolution;
import dev.merlon.model.tensor.Scalars;
import java.util.List;
import java.util.Optional;

/**
 * The arithmetic of weighted layers and averages, once for all interpretations: the map with given
 * weights, and the adjoint of its linear part.
 */
public final class AffineMap {
  private AffineMap() {}

  /** A layer with weights, {@code W x + b}, whatever the weights and the bias are. */
  @FunctionalInterface
  public interface Weighted {
    /** The layer's result for {@code x [N, ...]}. */
    NDArray apply(NDArray x, NDArray weight, Optional<NDArray> bias);
  }

  /** {@code W * x + b} for {@code x [N, in, H, W]}. */
  public static NDArray apply(Conv2d operation, NDArray x, NDArray weight, Optional<NDArray> bias) {
    return Convolution.forward(x, weight, bias, operation.geometry());
  }

  /** {@code x W^T + b} for {@code x [N, in]}. */
  public static NDArray apply(Linear operation, NDArray x, NDArray weight, Optional<NDArray> bias) {
    NDArray product = x.matMul(weight.transpose());
    return bias.map(product::add).orElse(product);
  }

  /** What takes {@code a [N, out, H', W']} on the result to the operand, {@code [N, in, H, W]}. */
  public static NDArray adjoint(Conv2d operation, NDArray a, NDArray weight, Shape inputShape) {
    return Convolution.adjoint(a, weight, operation.geometry(), Pooling.extent(inputShape));
  }

  /** What takes {@code a [N, out]} on the result to the operand, {@code [N, in]}. */
  public static NDArray adjoint(Linear operation, NDArray a, NDArray weight) {
    return a.matMul(weight);
  }

  /** Means of windows of {@code x [N, C, H, W]}; what it does to a radius too. */
  public static NDArray apply(AveragePool operation, NDArray x) {
    return operation.windows().mean(x, operation.countPadding());
  }

  /** Means of channels of {@code x [N, C, H, W]}; what it does to a radius too. */
  public static NDArray apply(GlobalAveragePool operation, NDArray x) {
    Shape shape = x.getShape();
    return Scalars.over(x.sum(new int[] {2, 3}, true), (double) shape.get(2) * shape.get(3));
  }

  /** What takes {@code a [N, C, H', W']} on the result to the operand, {@code [N, C, H, W]}. */
  public static NDArray adjoint(AveragePool operation, NDArray a, Shape inputShape) {
    return operation.windows().meanAdjoint(a, operation.countPadding(), Pooling.extent(inputShape));
  }

  /** What takes {@code a [N, C, 1, 1]} on the result to the operand, {@code [N, C, H, W]}. */
  public static NDArray adjoint(GlobalAveragePool operation, NDArray a, Shape inputShape) {
    double plane = (double) inputShape.get(1) * inputShape.get(2);
    return Scalars.over(a, plane).broadcast(new Shape(a.getShape().get(0)).addAll(inputShape));
  }

  /** The values of {@code x [N, ...]} in their new places. */
  public static NDArray apply(Rearrangement operation, NDArray x) {
    Shape sample = operation.outputShape(List.of(x.getShape().slice(1)));
    NDArray moved = operation instanceof Transpose t ? x.transpose(t.ofBatch()) : x;
    return moved.reshape(new Shape(x.getShape().get(0)).addAll(sample));
  }

  /** What takes {@code a} on a rearranged value to the operand, {@code [N, ...]}. */
  public static NDArray adjoint(Rearrangement operation, NDArray a, Shape inputShape) {
    NDArray moved = operation instanceof Transpose t ? a.transpose(t.inverse().ofBatch()) : a;
    return moved.reshape(new Shape(a.getShape().get(0)).addAll(inputShape));
  }

  /** Values {@code [N, ...]} one after the other. */
  public static NDArray apply(Concat operation, List<NDArray> values) {
    return Concatenation.of(values, operation.axis() + 1);
  }

  /**
   * The part of {@code a [N, ...]} on the concatenated value that belongs to one operand.
   *
   * @param inputs shapes of all operands
   * @param operand which one
   */
  public static NDArray adjoint(Concat operation, NDArray a, List<Shape> inputs, int operand) {
    long from =
        inputs.stream().limit(operand).mapToLong(shape -> shape.get(operation.axis())).sum();
    long to = from + inputs.get(operand).get(operation.axis());
    return a.get(new NDIndex().addAllDim(operation.axis() + 1).addSliceDim(from, to));
  }

  /** All axes but the batch made one. */
  public static NDArray flatten(NDArray x) {
    return x.reshape(x.getShape().get(0), -1);
  }
}
