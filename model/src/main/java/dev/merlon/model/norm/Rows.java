package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Linear functions of an input, {@code R} of them for each sample.
 *
 * @param values {@code [N, R, D]}, or {@code [1, R, D]} where they are the same for all samples
 */
public record Rows(NDArray values) {
  /** Rows from coefficients {@code [N or 1, R, ...]} on inputs of any shape. */
  public static Rows flattened(NDArray coefficients) {
    Shape shape = coefficients.getShape();
    return new Rows(coefficients.reshape(shape.get(0), shape.get(1), -1));
  }

  /**
   * The value of each function at its sample's point.
   *
   * @param points {@code [N, D]}
   * @return {@code [N, R]}
   */
  public NDArray times(NDArray points) {
    if (values.getShape().get(0) == 1) {
      return values.squeeze(0).matMul(points.transpose()).transpose();
    }
    if (values.getShape().get(1) == 1) {
      // The engine's product of many small matrices is slow.
      return values.mul(points.expandDims(1)).sum(new int[] {2});
    }
    return values.matMul(points.expandDims(2)).squeeze(2);
  }

  /** The functions with absolute coefficients. */
  public Rows abs() {
    return new Rows(values.abs());
  }
}
